"""A function by its address, imported at its first call: for the heavy parts that most runs never touch.

Refuses nothing when it is made; a wrong address fails at the first call, so tests/landgis/lib/test_later.py calls on all.
Imports made this way are hidden from import-linter: that test holds them to the same room.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


def later(address: str) -> Callable[..., Any]:
    """A stand-in for the function at `package.module.function`."""

    @cache
    def found() -> Callable[..., Any]:
        module, _, name = address.rpartition(".")
        function: Callable[..., Any] = getattr(import_module(module), name)
        return function

    def call(*args: Any, **named: Any) -> Any:
        return found()(*args, **named)

    call.__qualname__ = address
    return call
