"""config/cluster.py with a real PostgreSQL: one cluster made, started, shared, killed and found again."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from config.accounts import server_account
from config.binaries import ClusterError, find_binaries
from config.cluster import SOCKET_PATH_LIMIT, Cluster

ROOT = Path(__file__).resolve().parent.parent.parent
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

pytestmark = [
    pytest.mark.launcher,
    pytest.mark.skipif(sys.platform == "win32", reason="sockets, signals and users of POSIX systems"),
]


@pytest.fixture(scope="module", autouse=True)
def _needs_postgresql():
    try:
        find_binaries()
    except ClusterError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def open_folder():
    """A short folder that every user may enter; pytest's own tmp_path is closed to others and long."""
    with tempfile.TemporaryDirectory(prefix="rl-", dir="/tmp", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def cluster(open_folder):
    clone = open_folder / 'it\'s a "clone" $HOME'
    clone.mkdir()
    cluster = Cluster("postgres-test", root=clone, durable=False)
    yield cluster
    cluster.remove()


@pytest.fixture
def outside(open_folder, monkeypatch):
    folder = open_folder / "outside"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o1777)
    monkeypatch.setenv("RASHOMON_OUTSIDE", str(folder))
    return folder


def ask(url, question):
    with psycopg.connect(url) as link:
        return link.execute(question).fetchone()[0]


def wait_until(condition, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


def alive(pid):
    """A process that has ended but that nobody has asked about (a zombie) is not alive."""
    state = subprocess.run(["ps", "-p", str(pid), "-o", "state="], capture_output=True, text=True).stdout.strip()
    return state[:1] not in {"", "Z"}


def test_it_runs_as_long_as_someone_holds_it(cluster):
    assert cluster.pid() is None
    with cluster.held() as url:
        first = cluster.pid()
        with Cluster(cluster.name, root=cluster.root, durable=False).held() as same:
            assert same == url
        assert cluster.pid() == first
        assert cluster.in_use()
    assert cluster.pid() is None
    assert not alive(first)
    assert not cluster.socket.exists()
    assert not cluster.in_use()


def test_it_listens_on_no_network_and_lets_no_other_user_near(cluster):
    with cluster.held() as url:
        assert ask(url, "SELECT current_setting('listen_addresses')") == ""
        assert ask(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert cluster.folder.stat().st_mode & 0o077 == 0
        assert cluster.folder.stat().st_uid == server_account().uid != 0
        rules = [line for line in (cluster.data / "pg_hba.conf").read_text().splitlines() if not line.startswith("#")]
        assert rules == ["local all all peer map=launcher"]


def test_its_log_has_no_words_of_a_statement_that_failed(cluster):
    with cluster.held() as url, psycopg.connect(url, autocommit=True) as link:
        link.execute("CREATE TEMPORARY TABLE kept (note text, number integer CHECK (number > 0))")
        with pytest.raises(psycopg.errors.CheckViolation, match="zqcanary"):
            link.execute("INSERT INTO kept VALUES ('zqcanary', 0)")
    log = (cluster.folder / "server.log").read_text()
    assert 'ERROR:  new row for relation "kept" violates check constraint' in log
    assert "zqcanary" not in log


@pytest.mark.skipif(not AS_ROOT, reason="only root can look on as another user")
def test_another_system_user_gets_in_neither_by_folder_nor_by_rule(cluster):
    with cluster.held() as url:
        refused = subprocess.run(
            ["/bin/sh", "-c", f'cd "{cluster.folder}"'], user=65534, group=65534, extra_groups=[], capture_output=True
        )
        assert refused.returncode != 0
        # Even where the folder stood open, the rule asks the kernel who is there.
        psql = cluster_program("psql")
        cluster.folder.chmod(0o711)
        cluster.socket.chmod(0o777)
        try:
            answer = subprocess.run(
                [psql, url, "-c", "SELECT 1"],
                user=65534, group=65534, extra_groups=[], cwd="/", capture_output=True, text=True,
            )  # fmt: skip
        finally:
            cluster.folder.chmod(0o700)
        assert "Peer authentication failed" in answer.stderr


def cluster_program(name):
    path = find_binaries().folder / name
    if not path.exists():
        pytest.skip(f"{name} is not installed")
    return str(path)


def test_data_outlives_a_stop(cluster):
    with cluster.held() as url, psycopg.connect(url) as link:
        link.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS number")
    with cluster.held() as url:
        assert ask(url, "SELECT number FROM kept") == 7


def test_a_server_killed_with_9_is_started_again(cluster):
    with cluster.held() as url:
        first = cluster.pid()
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not alive(first) or cluster.pid() is None)
        assert (cluster.data / "postmaster.pid").exists()
        with Cluster(cluster.name, root=cluster.root, durable=False).held():
            assert cluster.pid() not in (None, first)
            assert ask(url, "SELECT 1") == 1
    assert cluster.pid() is None


def test_a_stale_pid_of_another_process_is_not_taken_for_the_server(cluster):
    with cluster.held():
        pass
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    assert cluster.pid() is None
    with cluster.held() as url:
        assert ask(url, "SELECT 1") == 1


LAUNCHER = """
import sys, time
from pathlib import Path
from config.cluster import Cluster
with Cluster(sys.argv[2], root=Path(sys.argv[1]), durable=False).held() as url:
    print(url, flush=True)
    time.sleep(60)
"""


def launcher(cluster):
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(cluster.root), cluster.name], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline().startswith("postgresql://")
    return process


def test_the_next_launcher_takes_over_from_one_that_was_killed_with_9(cluster):
    with launcher(cluster) as process:
        first = cluster.pid()
        process.kill()
    assert cluster.pid() == first
    assert not cluster.in_use()
    with cluster.held():
        assert cluster.pid() == first
    assert cluster.pid() is None


def test_ctrl_c_stops_the_server(cluster):
    with launcher(cluster) as process:
        first = cluster.pid()
        process.send_signal(signal.SIGINT)
    assert cluster.pid() is None
    assert not alive(first)


def test_a_path_too_long_for_a_socket_moves_out_of_the_tree(open_folder, outside):
    clone = open_folder / ("long" * 25)
    clone.mkdir()
    cluster = Cluster("postgres-test", root=clone, durable=False)
    assert cluster.folder.parent.parent == outside
    assert len(os.fsencode(cluster.socket)) <= SOCKET_PATH_LIMIT
    try:
        with cluster.held() as url:
            assert ask(url, "SELECT 1") == 1
    finally:
        cluster.remove()
    assert not cluster.outside.exists()


def test_a_comma_in_the_path_moves_out_of_the_tree(open_folder, outside):
    clone = open_folder / "one, two"
    clone.mkdir()
    assert Cluster("postgres-test", root=clone).folder.parent.parent == outside


@pytest.mark.skipif(not AS_ROOT, reason="only root drops to another user")
def test_a_clone_under_a_closed_home_moves_out_of_the_tree(open_folder, outside):
    home = open_folder / "home"
    clone = home / "clone"
    clone.mkdir(parents=True)
    home.chmod(0o700)
    cluster = Cluster("postgres-test", root=clone, durable=False)
    assert cluster.folder.parent.parent == outside
    try:
        with cluster.held() as url:
            assert ask(url, "SELECT 1") == 1
    finally:
        cluster.remove()


def test_someone_elses_folder_outside_the_tree_is_refused(open_folder, outside):
    clone = open_folder / ("long" * 25 + "2")
    clone.mkdir()
    cluster = Cluster("postgres-test", root=clone, durable=False)
    elsewhere = open_folder / "elsewhere"
    elsewhere.mkdir()
    cluster.outside.symlink_to(elsewhere)
    with pytest.raises(ClusterError, match="is not a folder"):
        cluster.start()
    cluster.outside.unlink()
    cluster.outside.mkdir()
    if AS_ROOT:
        # Made by us as root, so it is not the server user's.
        with pytest.raises(ClusterError, match="belongs to user number 0"):
            cluster.start()
        return
    cluster.outside.chmod(0o777)
    with pytest.raises(ClusterError, match="is open to other users"):
        cluster.start()
    assert list(elsewhere.iterdir()) == []


def test_no_postgresql_is_one_clear_message(monkeypatch, tmp_path):
    monkeypatch.setenv("RASHOMON_PG_BIN", str(tmp_path))
    monkeypatch.setattr("config.binaries._embedded_folders", lambda: iter(()))
    with pytest.raises(ClusterError, match=r"^No PostgreSQL 15 or newer found\. Install one"):
        find_binaries()
