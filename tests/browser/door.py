"""The door of the running site: who has gone in is known, and nobody goes in while the tables are emptied.

What a closed page asked for is still being worked on. A reader's lock then stands in the way of TRUNCATE, and between two
statements of such a request the database shows nothing of it: only the server itself knows that it isn't finished.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Door:
    """A WSGI application around another one; open until `shut`.

    Requests that come to a shut door are answered 503 without a look at the database.
    """

    def __init__(self, within: Wsgi) -> None:
        self._within = within
        self._changed = threading.Condition()
        self._is_open = True
        self._answering: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        path = str(environ.get("PATH_INFO"))
        with self._changed:
            enters = self._is_open
            if enters:
                self._answering.append(path)
        if not enters:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return
        try:
            answer = self._within(environ, start_response)
            try:
                yield from answer
            finally:
                # What a request holds is given back when its answer is closed, also one that nobody reads to its end.
                if hasattr(answer, "close"):
                    answer.close()
        finally:
            with self._changed:
                self._answering.remove(path)
                self._changed.notify_all()

    def open(self) -> None:
        with self._changed:
            self._is_open = True

    def shut(self, longest_s: float) -> None:
        """Lets nobody in any more and waits until all are out; `TimeoutError` names who isn't after `longest_s`."""
        with self._changed:
            self._is_open = False
            if not self._changed.wait_for(lambda: not self._answering, longest_s):
                raise TimeoutError(f"still being answered after {longest_s} s: {sorted(self._answering)}")
