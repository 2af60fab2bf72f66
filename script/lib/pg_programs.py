"""PostgreSQL's own programs: where they are, and as whom they may run.

PostgreSQL refuses to run as root. Root therefore becomes the packaged `postgres` user or, where that user
can't reach the checkout (one under /root, say), keeps the files and shows PostgreSQL another uid through a
user namespace; where those are forbidden too, lends that user a capability.
"""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from script.lib.checkout import SetupError

DEBIAN_HOME = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Identity:
    """As whom PostgreSQL runs: the owner of its folders, and how a command becomes that user."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs of one version, run as one identity."""

    bindir: Path
    identity: Identity

    def run(self, program: str, *arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
        """Never inherits a pipe unasked: a server that is started with one keeps it open for ever."""
        return subprocess.run(
            [*self.identity.prefix, str(self.bindir / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else subprocess.DEVNULL,
            stderr=subprocess.PIPE if capture else subprocess.DEVNULL,
            env=clean_environment(),
            text=True,
            check=False,
            **self.identity.options,
        )


def run_client(bindir: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """psql and its like, as the caller: root may open any socket, and the others only their own."""
    return subprocess.run(
        [bindir / program, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=clean_environment(),
        text=True,
        check=False,
    )


def newest_bindir() -> Path | None:
    """The newest PostgreSQL on this machine that has PostGIS."""
    found = sorted(DEBIAN_HOME.glob("*/bin"), key=_version_of, reverse=True)
    elsewhere = shutil.which("initdb")
    if elsewhere:
        found.append(Path(elsewhere).resolve().parent)
    return next((bindir for bindir in found if _has_postgis(bindir)), None)


def bindir_for(data: Path) -> Path:
    """The programs for a data folder: a cluster is bound to the version that made it."""
    version_file = data / "PG_VERSION"
    newest = newest_bindir() if not version_file.exists() else None
    if not version_file.exists():
        if newest is None:
            raise SetupError("no PostgreSQL with PostGIS found: apt-get install postgresql-postgis")
        return newest
    version = version_file.read_text().strip()
    bindir = DEBIAN_HOME / version / "bin"
    if (bindir / "postgres").exists():
        return bindir
    newest = newest_bindir()
    if newest is not None and _version_of(newest) == int(version):
        return newest
    raise SetupError(
        f"{data} was made by PostgreSQL {version}, which is not installed here. "
        f"Install postgresql-{version}-postgis-3, or "
        "move the data to the new version as docs/operations.md says under Upgrading"
    )


def identity_for(data: Path) -> Identity:
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid())
    postgres = _packaged_user()
    owner = data.stat().st_uid if data.exists() else None
    if owner is not None and owner not in (0, postgres.pw_uid):
        return _become(pwd.getpwuid(owner))  # an ordinary user's cluster, met by root: it stays theirs
    demoted = _become(postgres)
    if _reaches(demoted, data):
        return demoted
    for other in (_in_a_namespace(postgres), _with_a_capability(postgres)):
        if _reaches(other, data):
            return other
    raise SetupError(
        f"the user {postgres.pw_name} can't reach {data}, and this machine allows neither user namespaces nor "
        "capabilities: move the checkout to a folder that others may pass through, such as /srv, or set DATABASE_URL"
    )


def _in_a_namespace(user: pwd.struct_passwd) -> Identity:
    """Root outside, which owns the files and passes everywhere; somebody else inside, as PostgreSQL wants it."""
    prefix = ("unshare", "-U", f"--map-user={user.pw_uid}", f"--map-group={user.pw_gid}")
    return Identity(0, 0, prefix=prefix, options={"cwd": "/"})


def _with_a_capability(user: pwd.struct_passwd) -> Identity:
    """For containers, which forbid new namespaces: the packaged user, who may pass through closed folders."""
    prefix = (
        "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups",
        "--inh-caps=+dac_override", "--ambient-caps=+dac_override",
    )  # fmt: skip
    return Identity(user.pw_uid, user.pw_gid, prefix=prefix, options={"cwd": "/"})


def _become(user: pwd.struct_passwd) -> Identity:
    options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}
    return Identity(user.pw_uid, user.pw_gid, options=options)


def _packaged_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SetupError("PostgreSQL can't run as root, and this machine has no user `postgres` to run it as")


def _reaches(identity: Identity, path: Path) -> bool:
    existing = next(folder for folder in (path.parent, *path.parents) if folder.exists())
    command = [
        *identity.prefix,
        "test",
        "-d",
        f"{existing}/.",
    ]  # by trying: `test -x` doesn't count capabilities
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False, **identity.options).returncode == 0


def _has_postgis(bindir: Path) -> bool:
    if not (bindir / "initdb").exists() or not (bindir / "pg_config").exists():
        return False
    share = subprocess.run(
        [bindir / "pg_config", "--sharedir"], capture_output=True, text=True, check=False
    ).stdout
    return (Path(share.strip()) / "extension" / "postgis.control").exists()


def _version_of(bindir: Path) -> int:
    version = re.search(r"(\d+)/bin$", str(bindir))
    if version:
        return int(version[1])
    told = subprocess.run(
        [bindir / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    return int(match[1]) if (match := re.search(r"(\d+)", told)) else 0


def clean_environment() -> dict[str, str]:
    """Without the caller's PG* variables: PGPORT or PGDATA would lead to another server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8", "HOME": "/"}
