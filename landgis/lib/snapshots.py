"""One moment of the database, for several statements or seen from two connections, so that two threads can read side by side.

Refuses a snapshot inside a transaction that has begun to read: it is taken first thing.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction
from psycopg import sql

Read = TypeVar("Read")


@contextmanager
def beside(work: Callable[[], Read]) -> Iterator["Future[Read]"]:
    """What `work` reads on a second connection while the block reads on its own; both see one moment.

    Inside a transaction, whose changes no other connection sees, `work` is done first, on the same connection.
    """
    if connection.in_atomic_block:
        done: Future[Read] = Future()
        done.set_result(work())
        yield done
        return
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        snapshot = shared_snapshot()

        def seen() -> Read:
            with seeing(snapshot):
                return work()

        yield pool.submit(seen)


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is of one moment; within a transaction that has begun it is that one's."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def shared_snapshot() -> str:
    """The name under which another connection sees what this transaction sees."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        name: str = cursor.fetchone()[0]
    return name


@contextmanager
def seeing(snapshot: str) -> Iterator[None]:
    """A transaction on this thread's own connection that sees the snapshot; the connection is closed at the end."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
            yield
    finally:
        connection.close()  # a thread gets a connection of its own from Django, and nobody else closes it
