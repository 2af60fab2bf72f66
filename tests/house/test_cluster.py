"""The private database: one cluster in a folder, whatever happened to it before.

Runs the real PostgreSQL; pretends nothing.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from script.lib.checkout import SetupError
from script.lib.cluster import Cluster
from script.lib.pg_programs import newest_bindir, run_client

pytestmark = pytest.mark.xdist_group("cluster")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a space and Chinese characters, and more path than a socket could carry."""
    folder = tmp_path_factory.mktemp("private") / ("土地 管理 " * 6) / "pg"
    yield folder
    if folder.exists():
        Cluster(folder).stop()


@pytest.fixture
def cluster(folder: Path) -> Cluster:
    cluster = Cluster(folder)
    cluster.start()
    return cluster


def ask(cluster: Cluster, sql: str) -> str:
    bindir = newest_bindir()
    assert bindir is not None
    done = run_client(bindir, "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", cluster.url(), "-c", sql)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def server_pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def test_it_has_postgis_sorts_by_pinyin_and_listens_on_no_port(cluster: Cluster) -> None:
    assert ask(cluster, "select st_area(st_makeenvelope(0, 0, 2, 3, 4490))") == "6"
    sorted_names = (
        "select string_agg(n, '' order by n collate \"zh-x-icu\") from unnest(array['义乌','北苑','后宅']) n"
    )
    assert ask(cluster, sorted_names) == "北苑后宅义乌"
    assert ask(cluster, "show listen_addresses") == ""
    assert ask(
        cluster,
        "select string_agg(extname, ',' order by extname) from pg_extension where extname <> 'plpgsql'",
    ) == ("btree_gist,pg_trgm,postgis")


def test_its_folders_are_closed_to_others(cluster: Cluster) -> None:
    socket = Path(cluster.url().split("host=")[1])
    assert len(str(socket)) < 60
    assert {socket.stat().st_mode & 0o077, cluster.data.stat().st_mode & 0o077} == {0}


def test_starting_again_is_quick_and_changes_nothing(cluster: Cluster) -> None:
    pid = server_pid(cluster)
    began = time.monotonic()
    assert cluster.start() is False, "no tables of the application yet"
    assert time.monotonic() - began < 1
    assert server_pid(cluster) == pid


def test_what_was_committed_survives_a_kill(cluster: Cluster) -> None:
    ask(cluster, "create table if not exists kept (i int); insert into kept values (1)")
    before = int(ask(cluster, "select count(*) from kept"))
    bindir = newest_bindir()
    assert bindir is not None
    busy = subprocess.Popen(
        [bindir / "psql", "-Xqd", cluster.url(), "-c", "select pg_sleep(60)"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(0.3)
    os.kill(server_pid(cluster), signal.SIGKILL)
    cluster.start()
    assert int(ask(cluster, "select count(*) from kept")) == before
    busy.kill()
    busy.wait()


def test_a_pid_file_of_a_stranger_does_not_stop_it(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n1\n5432\n/tmp\n\n\n")
    cluster.start()
    assert ask(cluster, "select 1") == "1"


def test_starts_at_the_same_moment_make_one_server(cluster: Cluster) -> None:
    cluster.stop()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: Cluster(cluster.folder).start(), range(4))) == [False] * 4
    assert ask(cluster, "select 1") == "1"


def test_a_copy_of_a_running_cluster_is_a_cluster_of_its_own(cluster: Cluster, tmp_path: Path) -> None:
    ask(cluster, "checkpoint")
    shutil.copytree(cluster.folder, tmp_path / "pg", symlinks=True)
    for copied, _, names in os.walk(tmp_path / "pg" / "data"):
        owner = cluster.data.stat()
        for name in (".", *names):
            os.chown(Path(copied) / name, owner.st_uid, owner.st_gid)
    copy = Cluster(tmp_path / "pg")
    assert not copy.answers()
    copy.start()
    try:
        assert copy.url() != cluster.url()
        assert server_pid(copy) != server_pid(cluster)
    finally:
        copy.stop()
    assert ask(cluster, "select 1") == "1"


def test_an_interrupted_first_start_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    half = tmp_path / "pg" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    cluster = Cluster(tmp_path / "pg")
    cluster.start()
    assert ask(cluster, "select 1") == "1"
    assert cluster.stop()
    assert not cluster.stop()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "pg" / "data" / "letter.txt"
    letter.parent.mkdir(parents=True)
    letter.write_text("mine")
    with pytest.raises(SetupError, match="move it away"):
        Cluster(tmp_path / "pg").start()
    assert letter.read_text() == "mine"


def test_data_of_a_version_that_is_not_installed_is_refused_with_a_remedy(tmp_path: Path) -> None:
    data = tmp_path / "pg" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(SetupError, match="Upgrading"):
        Cluster(tmp_path / "pg").start()
