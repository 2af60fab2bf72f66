"""The door before the running site: tables are emptied only when nobody is within."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.door import Door


class Slow:
    """Answers when it is told to, and notes that its answer was closed."""

    def __init__(self) -> None:
        self.reached, self.may_answer = threading.Event(), threading.Event()
        self.closed = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> "Slow":
        start_response("200 OK", [])
        return self

    def __iter__(self) -> Iterator[bytes]:
        self.reached.set()
        self.may_answer.wait(10)
        yield b"done"

    def close(self) -> None:
        self.closed = True


def ask(door: Door) -> tuple[list[str], bytes]:
    statuses: list[str] = []
    body = b"".join(door({"PATH_INFO": "/slow"}, lambda status, headers: statuses.append(status)))
    return statuses, body


def test_shutting_waits_for_who_is_within_and_names_them() -> None:
    site = Slow()
    door = Door(site)
    asking = threading.Thread(target=ask, args=(door,))
    asking.start()
    assert site.reached.wait(10)
    with pytest.raises(TimeoutError, match="/slow"):
        door.shut(0.05)
    site.may_answer.set()
    door.shut(10)
    assert site.closed
    asking.join(10)


def test_nobody_gets_in_while_it_is_shut() -> None:
    site = Slow()
    site.may_answer.set()
    door = Door(site)
    door.shut(1)
    assert ask(door) == (["503 Service Unavailable"], b"")
    assert not site.reached.is_set()
    door.open()
    assert ask(door) == (["200 OK"], b"done")


def test_an_answer_that_is_given_up_counts_as_out() -> None:
    site = Slow()
    site.may_answer.set()
    door = Door(site)
    begun = iter(door({"PATH_INFO": "/slow"}, lambda *_: None))
    assert next(begun) == b"done"
    begun.close()  # type: ignore[attr-defined]
    door.shut(1)
    assert site.closed
