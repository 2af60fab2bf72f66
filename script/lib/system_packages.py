"""What the operating system must bring, looked for by what it can do, installed with apt where it can't.

Asks for no rights when nothing is missing, and never makes Debian's own `main` database cluster.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from script.lib.checkout import Checkout, SetupError, run_quietly
from script.lib.pg_programs import newest_bindir

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")
APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300")
NO_MAIN_CLUSTER = "# landgis runs a database cluster of its own under var/\ncreate_main_cluster = false\n"


def browser() -> str | None:
    """The Chromium that the browser tests drive."""
    named = os.environ.get("LANDGIS_CHROMIUM")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def missing_packages(*, database: bool, tests: bool, bench: bool) -> list[str]:
    """The apt packages whose ability this machine lacks."""
    missing = []
    if database and newest_bindir() is None:
        missing.append("postgresql-postgis")
    if not any(Path("/usr/share/fonts").glob("**/NotoSansCJK*")):
        missing.append("fonts-noto-cjk")
    if not any(shutil.which(name) for name in OFFICES):
        missing.append("libreoffice-writer-nogui")  # official papers as PDF
    if (tests or bench) and browser() is None:
        missing.append("chromium-browser" if _is_ubuntu() else "chromium")
    if bench and shutil.which("ogr2ogr") is None:
        missing.append("gdal-bin")
    return missing


def install(checkout: Checkout, packages: Iterable[str]) -> None:
    names = list(packages)
    if not names:
        return
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"this machine has no apt-get; install what these Debian packages bring: {' '.join(names)}"
        )
    as_root = _as_root(names)
    if "postgresql-postgis" in names:
        _forbid_main_cluster(checkout, as_root)
    install_them = [*as_root, *APT, "install", "-y", "--no-install-recommends", *names]
    if _knows_packages():
        try:
            run_quietly(checkout, f"installing {' '.join(names)} (apt)", install_them)
        except SetupError:
            pass  # most often lists older than the mirror: read them anew and try once more
        else:
            return
    run_quietly(checkout, "reading the package lists (apt)", [*as_root, *APT, "update"])
    run_quietly(checkout, f"installing {' '.join(names)} (apt)", install_them)


def _as_root(names: list[str]) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is not None:
        asks_here = ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
        tried = subprocess.run([*asks_here, "true"], stderr=subprocess.DEVNULL, check=False)
        if tried.returncode == 0:
            return asks_here
    raise SetupError(f"as root, run: apt-get install {' '.join(names)} (this user can't use sudo here)")


def _forbid_main_cluster(checkout: Checkout, as_root: list[str]) -> None:
    folder = Path("/etc/postgresql-common/createcluster.d")
    if (folder / "landgis.conf").exists():
        return
    draft = checkout.var / "createcluster.conf"
    draft.write_text(NO_MAIN_CLUSTER)
    command = [*as_root, "install", "-D", "-m", "644", str(draft), str(folder / "landgis.conf")]
    run_quietly(checkout, "telling Debian to make no database cluster of its own", command)
    draft.unlink()


def _knows_packages() -> bool:
    return any(Path("/var/lib/apt/lists").glob("*_Packages*"))


def _is_ubuntu() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "\nID=ubuntu" in "\n" + release.read_text()
