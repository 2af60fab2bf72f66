"""The set-up does what is missing and no more: stamps, Node.js versions, the database's settings."""

import stat
from pathlib import Path

import pytest

from script.lib import front_end, python_env, setup, system_packages
from script.lib.checkout import Checkout, SetupError, fingerprint, run_quietly
from script.lib.pg_settings import settings_text

GIB = 1024**3


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path / "土地 管理")
    made.root.mkdir()
    made.prepare()
    return made


@pytest.mark.parametrize(
    ("version", "fits"),
    [("v18.19.1", False), ("v20.18.3", False), ("v20.19.0", True), ("v21.7.0", False), ("v22.11.0", False),
     ("v22.12.0", True), ("v24.1.0", True), ("", False)],
)  # fmt: skip
def test_node_is_as_new_as_vite_wants(version: str, fits: bool) -> None:
    assert front_end.is_new_enough(version) is fits


def test_a_fingerprint_tells_contents_and_their_borders_apart(tmp_path: Path) -> None:
    path = tmp_path / "a"
    absent = fingerprint([path])
    path.write_text("1")
    assert (
        len(
            {
                absent,
                fingerprint([path]),
                fingerprint(["1"]),
                fingerprint(["ab", "c"]),
                fingerprint(["a", "bc"]),
            }
        )
        == 5
    )


def test_an_environment_is_current_only_for_its_lock_and_its_place(checkout: Checkout) -> None:
    folder = checkout.root / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (checkout.root / lock).write_text(lock)
    assert not python_env.is_current(checkout, folder, python_env.RUNTIME)
    python_env.write_stamp(checkout, folder, python_env.DEVELOPMENT)
    assert python_env.is_current(checkout, folder, python_env.DEVELOPMENT)
    assert python_env.is_current(checkout, folder, python_env.RUNTIME), (
        "the development lock holds the runtime's"
    )

    moved = folder.rename(checkout.root / "moved")
    assert not python_env.is_current(checkout, moved, python_env.RUNTIME)
    folder = moved.rename(folder)
    (checkout.root / "requirements.lock").write_text("changed")
    assert not python_env.is_current(checkout, folder, python_env.RUNTIME)


def test_the_secret_key_is_made_once_and_is_for_its_owner_only(checkout: Checkout) -> None:
    setup.make_secret_key(checkout)
    path = checkout.var / "secret_key"
    first = path.read_text()
    setup.make_secret_key(checkout)
    assert path.read_text() == first
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_failing_step_shows_the_end_of_its_own_log(checkout: Checkout) -> None:
    run_quietly(checkout, "before", ["echo", "of another step"])
    with pytest.raises(SetupError, match="exit 7") as failed:
        run_quietly(checkout, "failing", ["sh", "-c", "echo the reason; exit 7"])
    assert "the reason" in str(failed.value)
    assert "of another step" not in str(failed.value)


def test_a_program_that_is_absent_is_named(checkout: Checkout) -> None:
    with pytest.raises(SetupError, match="no-such-program"):
        run_quietly(checkout, "failing", ["no-such-program"])


def test_without_apt_the_packages_are_named(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    system_packages.install(checkout, [])
    with pytest.raises(SetupError, match="gdal-bin"):
        system_packages.install(checkout, ["gdal-bin"])


def test_with_another_database_no_server_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "newest_bindir", lambda: None)
    assert "postgresql-postgis" in system_packages.missing_packages(database=True, tests=False, bench=False)
    assert "postgresql-postgis" not in system_packages.missing_packages(
        database=False, tests=False, bench=False
    )


def test_papers_need_libreoffice_where_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    wanted = system_packages.missing_packages(database=False, tests=False, bench=False)
    assert "libreoffice-writer-nogui" in wanted
    (tmp_path / "soffice").touch(mode=0o755)
    wanted = system_packages.missing_packages(database=False, tests=False, bench=False)
    assert "libreoffice-writer-nogui" not in wanted


@pytest.mark.parametrize(("memory_gib", "shared"), [(1, 128), (4, 256), (24, 1024), (256, 1024)])
def test_a_served_register_loses_nothing_on_any_size_of_machine(memory_gib: int, shared: int) -> None:
    lines = settings_text(memory_gib * GIB).splitlines()
    assert f"shared_buffers = {shared}MB" in lines
    for line in (
        "fsync = on",
        "full_page_writes = on",
        "synchronous_commit = on",
        "wal_level = replica",
        "jit = off",
    ):
        assert line in lines
    assert "listen_addresses = ''" in lines


def test_a_folder_of_another_user_is_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SetupError, match="chown"):
        Checkout(tmp_path).prepare()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"can't be written: Not a directory.*LANDGIS_VAR_DIR"):
        Checkout(tmp_path, tmp_path / "file" / "var").prepare()
