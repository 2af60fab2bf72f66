"""The databases and files that the runs stand on, made by the bench itself.

Refuses to touch any database that it didn't make.
"""

import os
import subprocess
import sys
import urllib.parse
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bench.runs import ROOT

BASE, OURS, PEER = "bench_base", "bench_ours", "bench_peer"
PARCELS = 100_000
COUNTY = "330782"
LEADER, REGISTRAR, EVALUATOR = "bench_leader", "bench_registrar", "bench_evaluator"
PASSWORD = "Bench-loopback-only-1"


class Ground:
    """Where the files lie and how the databases are reached."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = conninfo_to_dict(os.environ["DATABASE_URL"])

    def dsn(self, name: str) -> str:
        return make_conninfo(**{**self.server, "dbname": name})  # type: ignore[arg-type]

    def url(self, name: str) -> str:
        parts = {k: str(v) for k, v in self.server.items() if v}
        host = parts.get("host", "")
        user = parts.get("user", "")
        password = f":{parts['password']}" if "password" in parts else ""
        if host.startswith("/"):
            return f"postgresql://{user}{password}@/{name}?host={host}"
        return f"postgresql://{user}{password}@{host}:{parts.get('port', '5432')}/{name}"

    def host_first(self, name: str) -> str:
        """The same address with a socket's folder as the host, for clients that insist on one."""
        parts = {k: urllib.parse.quote(str(v), safe="") for k, v in self.server.items() if v}
        password = f":{parts['password']}" if "password" in parts else ""
        port = f":{parts['port']}" if "port" in parts else ""
        return f"postgresql://{parts.get('user', '')}{password}@{parts.get('host', 'localhost')}{port}/{name}"

    def env(self, name: str) -> dict[str, str]:
        return {"DATABASE_URL": self.url(name), "LANDGIS_COUNTY": COUNTY}

    def fresh(self, name: str, template: str = "") -> None:
        """Make the database anew, empty or as a copy."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template or "template0")
                )
            )

    def prepare(self) -> None:
        """100,000 parcels with their tables as files; a database with the county but without parcels."""
        if not (self.folder / "parcels.shp").exists():
            made = [sys.executable, "-m", "demo", "--bench", str(PARCELS), "--out", str(self.folder)]
            subprocess.run(made, check=True, cwd=ROOT, stdin=subprocess.DEVNULL)
        self.fresh(BASE)
        self.manage(BASE, "collectstatic", "--no-input", "--verbosity", "0")
        self.manage(BASE, "migrate", "--verbosity", "0")
        self.manage(BASE, "load_county", f"data/counties/{COUNTY}/profile.toml", "--commit")
        self.manage(BASE, "import_layer", "districts", str(self.folder / "towns.shp"), "--commit")
        self.manage(BASE, "import_layer", "control-lines", str(self.folder / "control_lines.shp"), "--commit")
        for name, role in ((LEADER, "leader"), (REGISTRAR, "registrar"), (EVALUATOR, "evaluation_officer")):
            account = ["open_account", name, "--role", role, "--name", "测速", "--commit"]
            self.manage(BASE, *account, password=PASSWORD)
        self.fresh(PEER)
        with psycopg.connect(self.dsn(PEER), autocommit=True) as peer:
            peer.execute("CREATE EXTENSION postgis")

    def load_tables(self) -> None:
        """Firms, occupancy and returns beside the parcels that the import run left behind."""
        for table in ("enterprises", "occupancy", "annual-returns"):
            file = self.folder / f"{table.replace('-', '_')}.csv"
            self.manage(OURS, "import_table", table, str(file), "--commit")
        with psycopg.connect(self.dsn(OURS), autocommit=True) as ours:
            ours.execute("VACUUM ANALYZE")

    def manage(self, database: str, *words: str, password: str = "") -> None:
        env = {**os.environ, **self.env(database), "LANDGIS_NEW_PASSWORD": password}
        command = [sys.executable, "manage.py", *words]
        subprocess.run(
            command, check=True, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env
        )

    def drop(self) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as server:
            for name in (BASE, OURS, PEER):
                server.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )

    def ogr(self, name: str) -> str:
        """GDAL's address of a database."""
        parts = {k: v for k, v in self.server.items() if k in ("host", "port", "user", "password") and v}
        return "PG:" + " ".join(f"{key}={value}" for key, value in {**parts, "dbname": name}.items())
