"""The migrated database that the test databases are copies of: migrated once for each state of the migrations.

Refuses a half-migrated template: it bears its name only when the last migration is done.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "landgis_migrated_"
KEPT = 16  # other checkouts on the same server have their own


def template_of(settings: dict[str, Any]) -> str:
    """The name of the template for the migrations of this checkout, made where it isn't there yet.

    Several processes may ask at once: the first makes it, the others wait.
    """
    name = PREFIX + _fingerprint()
    with _server(settings) as server:
        server.execute("SELECT pg_advisory_lock(hashtext('landgis test template'))")
        if not _exists(server, name):
            _make(server, settings, name)
            _drop_older(server)
    return name


def _make(server: psycopg.Connection[Any], settings: dict[str, Any], name: str) -> None:
    raw = f"{name}_unfinished"
    _drop(server, raw)
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(raw)))
    environment = {**os.environ, "DATABASE_URL": _url(settings, raw), "LANDGIS_TESTING": "1"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(raw), sql.Identifier(name))
    )


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/**/migrations/*.py")):
        if not {".venv", "node_modules", "var"} & set(path.relative_to(ROOT).parts):
            digest.update(path.name.encode() + path.read_bytes())
    digest.update((ROOT / "requirements.lock").read_bytes())
    return digest.hexdigest()[:16]


def _drop_older(server: psycopg.Connection[Any]) -> None:
    rows = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC", [PREFIX]
    ).fetchall()
    for (name,) in rows[KEPT:]:
        _drop(server, name)


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _exists(server: psycopg.Connection[Any], name: str) -> bool:
    return server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount == 1


def _server(settings: dict[str, Any]) -> psycopg.Connection[Any]:
    return psycopg.connect(make_conninfo(**_parts(settings), dbname="postgres"), autocommit=True)


def _parts(settings: dict[str, Any]) -> dict[str, str]:
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {key: str(settings[word]) for key, word in named.items() if settings.get(word)}


def _url(settings: dict[str, Any], name: str) -> str:
    return os.environ["DATABASE_URL"].replace(f"/{settings['NAME']}", f"/{name}", 1)
