"""The private PostgreSQL cluster under var/pg: made once, started when needed, also after a crash.

Reached by a Unix socket only, never by a port; touches no cluster of the machine's own, never deletes data.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from script.lib import pg_processes
from script.lib.checkout import SetupError, say
from script.lib.pg_programs import Programs, bindir_for, identity_for, run_client
from script.lib.pg_settings import INCLUDES, settings_text

DATABASE = "landgis"
TEMPLATE = "template_postgis"  # what databases are copied from, those of the tests too
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")
RECOVERY_SECONDS = 600  # reading back the log after a crash may take as long
SILENT_SECONDS = 30
ORPHAN_SECONDS = 10  # how long children of a killed server may hold its memory


class Cluster:
    """One cluster in one folder. Every method may be called at any time and by several processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"

    def start(self) -> bool:
        """Makes the cluster answer. Says whether the application's tables are there."""
        migrated = self._ask_for_tables() if self._postmaster() else None
        if migrated is None:
            with self._lock():
                migrated = self._ask_for_tables() if self._postmaster() else None
                if migrated is None:
                    self._bring_up()
                    migrated = bool(self._ask_for_tables())
        return migrated

    def stop(self) -> bool:
        """Ends the server after its running transactions are rolled back; says whether there was one."""
        with self._lock():
            pid = self._postmaster()
            if pid is None:
                return False
            sockets = Path(self._socket())
            os.kill(pid, signal.SIGINT)
            if not pg_processes.wait_for_end(pid, self.data, seconds=60):
                raise SetupError(f"the database (process {pid}) did not stop within 60 s")
            with suppress(OSError):
                sockets.rmdir()
            return True

    def answers(self) -> bool:
        return self._postmaster() is not None and self._readiness() == 0

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://postgres@/{database}?host={self._socket()}"

    def client_environment(self) -> dict[str, str]:
        """What psql and pg_dump need to find the database."""
        path = f"{bindir_for(self.data)}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {"PGHOST": self._socket(), "PGUSER": "postgres", "PGDATABASE": DATABASE, "PATH": path}

    # -- bringing up, in order; the lock is held

    def _bring_up(self) -> None:
        began = time.monotonic()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        pid = self._postmaster()
        if pid is None:
            self._own_the_files()
            self._clear_after_crash()
            self._write_settings()
            self._launch()
        elif not self._wait_until_ready(pid):
            raise SetupError(
                f"the database (process {pid}) runs but does not answer; see {self._newest_log()}"
            )
        self._create_databases()
        say(f"database started in {time.monotonic() - began:.1f} s")

    def _create(self) -> None:
        """Made under another name, then renamed: an interrupted start leaves nothing that looks whole."""
        say("making the database cluster")
        draft = self.folder / "data.new"
        if draft.exists():
            shutil.rmtree(draft)
        programs = Programs(bindir_for(self.data), identity_for(draft))
        self._own_folder(draft, programs)
        made = programs.run(
            "initdb", "-D", str(draft), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
            "--data-checksums", "--auth-local=trust", "--auth-host=scram-sha-256", "--no-instructions",
            capture=True,
        )  # fmt: skip
        if made.returncode:
            raise SetupError(f"initdb failed:\n{made.stdout}{made.stderr}")
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write(INCLUDES)
        if self.data.exists() and any(self.data.iterdir()):
            raise SetupError(f"{self.data} holds something that is no database cluster: move it away first")
        draft.rename(self.data)

    def _own_the_files(self) -> None:
        """A checkout that was moved in or out of root's home changes the identity its cluster runs as."""
        identity = identity_for(self.data)
        if os.geteuid() == 0 and self.data.stat().st_uid != identity.uid:
            for folder, folders, files in os.walk(self.data):
                for name in (".", *folders, *files):
                    os.chown(Path(folder) / name, identity.uid, identity.gid, follow_symlinks=False)

    def _clear_after_crash(self) -> None:
        """Removes what a killed server left: a pid file that a zombie or stranger may hold, children."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in Path(self._socket()).glob(".s.PGSQL.*"):
            left.unlink()
        pg_processes.end_orphans(self.data, seconds=ORPHAN_SECONDS)

    def _write_settings(self) -> None:
        programs = self._programs()
        path = self.data / "landgis.conf"
        path.write_text(settings_text())
        os.chown(path, programs.identity.uid, programs.identity.gid)

    def _launch(self) -> None:
        programs = self._programs()
        self._own_folder(Path(self._socket()), programs)
        # -k and -p stand on the start line, not in the settings: a moved checkout has another socket folder.
        options = f"-k {self._socket()} -p 5432"
        deadline = time.monotonic() + ORPHAN_SECONDS
        while True:
            started = programs.run(
                "pg_ctl", "-D", str(self.data), "-w", "-t", str(RECOVERY_SECONDS), "-s",
                "-l", str(self.data / "server.log"), "-o", options, "start",
            )  # fmt: skip
            if started.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise SetupError(f"the database did not start:\n{self._log_tail()}")
            time.sleep(0.5)

    def _create_databases(self) -> None:
        existing = self._query("postgres", "select datname from pg_database").split()
        if TEMPLATE not in existing:
            draft = f"{TEMPLATE}_new"
            self._query("postgres", f"drop database if exists {draft}")
            self._query("postgres", f"create database {draft} template template0")
            self._query(draft, "; ".join(f"create extension {name}" for name in EXTENSIONS))
            self._query("postgres", f"alter database {draft} rename to {TEMPLATE}")
            self._query("postgres", f"alter database {TEMPLATE} is_template true")
        if DATABASE not in existing:
            self._query("postgres", f"create database {DATABASE} template {TEMPLATE}")

    # -- asking

    def _ask_for_tables(self) -> bool | None:
        """Whether the application's tables exist; None when there is no answer or no database yet."""
        done = self._psql(DATABASE, "select to_regclass('public.django_migrations') is not null")
        return done[1].strip() == "t" if done[0] == 0 else None

    def _query(self, database: str, sql: str) -> str:
        code, out, err = self._psql(database, sql)
        if code:
            raise SetupError(f"the database refused `{sql}`: {err.strip()}")
        return out

    def _psql(self, database: str, sql: str) -> tuple[int, str, str]:
        done = run_client(
            bindir_for(self.data), "psql", "-h", self._socket(), "-p", "5432", "-U", "postgres", "-XAtq",
            "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def _readiness(self) -> int:
        """0 it serves, 1 it reads back its log, 2 nobody answers."""
        return run_client(bindir_for(self.data), "pg_isready", "-h", self._socket(), "-p", "5432").returncode

    def _wait_until_ready(self, pid: int) -> bool:
        """Patient with a server that recovers, not with one that is silent."""
        began = heard = time.monotonic()
        while pg_processes.is_server_of(pid, self.data):
            readiness = self._readiness()
            now = time.monotonic()
            heard = now if readiness == 1 else heard
            if readiness == 0 or now - heard > SILENT_SECONDS or now - began > RECOVERY_SECONDS:
                return readiness == 0
            time.sleep(0.2)
        return False

    # -- where and who

    def _programs(self) -> Programs:
        return Programs(bindir_for(self.data), identity_for(self.data))

    def _postmaster(self) -> int | None:
        pid = pg_processes.recorded_pid(self.data)
        return pid if pid is not None and pg_processes.is_server_of(pid, self.data) else None

    def _socket(self) -> str:
        """The socket folder: a running server's own, else a short one: a socket's path ends at 107 bytes."""
        recorded = pg_processes.recorded_socket(self.data) if self._postmaster() else None
        if recorded:
            return recorded
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:10]
        return f"/tmp/landgis-{identity_for(self.data).uid}-{digest}"

    def _own_folder(self, folder: Path, programs: Programs) -> None:
        """Makes a folder of the cluster's own, closed to others; in /tmp somebody may have made it first."""
        identity = programs.identity
        try:
            folder.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(folder, identity.uid, identity.gid)
        except FileExistsError:
            pass
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != identity.uid:
            raise SetupError(f"{folder} belongs to another user: remove it, then start again")
        folder.chmod(0o700)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.folder.stat().st_uid == os.geteuid():
            self.folder.chmod(0o755)  # whatever the umask: the database's user passes through
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _newest_log(self) -> Path:
        logs = [*self.data.glob("log/postgresql-*.log"), self.data / "server.log"]
        return max(
            (log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime, default=logs[-1]
        )

    def _log_tail(self) -> str:
        log = self._newest_log()
        lines = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        return "\n".join(f"    {line}" for line in lines)
