"""`make run` from end to end, in a copy of the clone: what it starts, says, keeps, and leaves behind (nothing)."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from config.binaries import ClusterError, find_binaries
from config.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = ("claims", "config", "fixtures", "sources", "templates", "manage.py", "pyproject.toml", "requirements.txt")

pytestmark = [
    pytest.mark.launcher,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems"),
    # One worker runs all of these, because they share the copy.
    pytest.mark.xdist_group("run"),
]


@pytest.fixture(scope="module")
def clone():
    try:
        find_binaries()
    except ClusterError as error:
        pytest.skip(str(error))
    with tempfile.TemporaryDirectory(prefix="rr-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / part, folder / part)
        yield folder
        Cluster("postgres", root=folder).remove()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def launch(clone):
    """Start `make run` in the copy; whatever the test leaves running is ended with it."""
    launched = []

    def start(port):
        launched.append(started(clone, port))
        return launched[-1]

    yield start
    for process in launched:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def started(clone, port):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "config.launch", "run"],
        cwd=clone,
        env=kept | {"PORT": str(port), "RASHOMON_VENV": sys.prefix},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def read_until_open(process):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("rashomon: open http"):
            return "".join(lines)
    pytest.fail(f"make run ended before it served:\n{''.join(lines)}")


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def processes_of(clone):
    """Every process whose working folder lies in the copy, or in its cluster."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(clone) in str((entry / "cwd").readlink()):
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks for left-over processes in /proc")
def test_run_serves_keeps_its_data_and_leaves_nothing_running(clone, launch):
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    first = launch(port)
    said = read_until_open(first)
    assert len(re.findall(r"^ .* password \S+$", said, re.MULTILINE)) == 5
    assert "TWO_FACTOR=1 asks for a code too" in said
    assert f"open {site}/" in said
    status, headers, body = get(f"{site}/admin/login/")
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    stylesheet = body.partition('rel="stylesheet" href="')[2].partition('"')[0]
    status, headers, _ = get(site + stylesheet)
    assert (status, headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")
    status, _, body = get(f"{site}/no-such-page/")
    assert status == 404
    assert "DEBUG" not in body

    # A second one on the same port says so, and disturbs nothing.
    second = launch(port)
    complaint, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert complaint.count("\n") == 1
    assert complaint.startswith(f"rashomon: port {port} is taken")
    assert get(f"{site}/admin/login/")[0] == 200

    first.send_signal(signal.SIGINT)
    rest, _ = first.communicate(timeout=30)
    assert first.returncode == 0
    assert "Traceback" not in rest
    assert processes_of(clone) == []

    # The next one shows no password, and ends on SIGTERM as well.
    again = launch(port)
    assert "demo users admin, contributor, editor, publisher and publisher2 exist" in read_until_open(again)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=30)
    assert again.returncode == 0
    assert processes_of(clone) == []
    assert (clone / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_bad_port_is_one_clear_line(launch):
    process = launch("80 80")
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said == "rashomon: PORT is '80 80': write a number from 1 to 65535.\n"
