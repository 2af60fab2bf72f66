"""Brings the checkout to a state where a command can run, and says in which environment.

Does only what is missing; when nothing is, it asks for no lock, no rights and no network.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from script.lib import front_end, python_env, system_packages
from script.lib.checkout import Checkout, say
from script.lib.cluster import Cluster


@dataclass(frozen=True)
class Needs:
    """What a command wants of the set-up beyond Python and the database."""

    frontend: bool = False
    tests: bool = False
    bench: bool = False


@dataclass(frozen=True)
class Ready:
    """The environment for our programs; whether the private database holds tables (None: not ours)."""

    environment: dict[str, str]
    has_tables: bool | None


def prepare(checkout: Checkout, needs: Needs) -> Ready:
    checkout.prepare()
    (checkout.var / "static").mkdir(exist_ok=True)
    embedded = not os.environ.get("DATABASE_URL")
    with _one_at_a_time(checkout):
        missing = system_packages.missing_packages(database=embedded, tests=needs.tests, bench=needs.bench)
        system_packages.install(checkout, missing)
        python_env.ensure(
            checkout, checkout.venv, python_env.DEVELOPMENT if needs.tests else python_env.RUNTIME
        )
        if needs.bench:
            python_env.ensure(checkout, checkout.var / "bench-venv", python_env.BENCH)
        if needs.frontend:
            front_end.build(checkout)
        make_secret_key(checkout)
    environment = dict(os.environ)
    if needs.tests:
        environment = _for_tests(checkout)
    environment["LANDGIS_VAR_DIR"] = str(checkout.var)
    environment["PATH"] = f"{checkout.venv / 'bin'}{os.pathsep}{environment.get('PATH', os.defpath)}"
    if not embedded:
        return Ready(environment, has_tables=None)
    cluster = Cluster(checkout.var / "pg")
    has_tables = cluster.start()
    environment = {name: value for name, value in environment.items() if not name.startswith("PG")}
    return Ready({**environment, "DATABASE_URL": cluster.url()}, has_tables)


def _for_tests(checkout: Checkout) -> dict[str, str]:
    front_end.install(checkout)
    return {
        **front_end.environment_with_node(checkout),
        "LANDGIS_CHROMIUM": system_packages.browser() or "",
    }


def make_secret_key(checkout: Checkout) -> None:
    """Made once, as sessions end when it changes. Written aside and renamed: half a key is never read."""
    path = checkout.var / "secret_key"
    if path.exists():
        return
    draft = checkout.var / "secret_key.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as secret:
        secret.write(secrets.token_urlsafe(50))
    draft.rename(path)


@contextmanager
def _one_at_a_time(checkout: Checkout) -> Iterator[None]:
    """Two commands started together must not install into the same folder."""
    with (checkout.var / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another command is setting this checkout up: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
