"""config/find_python.sh against folders of stand-ins: it is a question to the system, so the system is what varies."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent.parent / "config" / "find_python.sh"
REAL = os.path.realpath(sys.executable)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="find_python.sh is for POSIX systems")


def stand_in(path, *, version=None, real=False):
    """An executable that is the real interpreter, or answers as one of that version, or fails like a pyenv shim."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if real:
        path.write_text(f'#!/bin/sh\nexec "{REAL}" "$@"\n')
    elif version:
        # What asked() runs exits with 1 on an older Python.
        path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo Python {version}\nexit 1\n')
    else:
        path.write_text('#!/bin/sh\necho "pyenv: $(basename "$0"): command not found" >&2\nexit 127\n')
    path.chmod(0o755)


def find(tmp_path, **environ):
    return subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "home"), **environ},
        capture_output=True,
        text=True,
    )


def test_a_newer_one_is_found_where_python3_is_3_11(tmp_path):
    stand_in(tmp_path / "bin" / "python3", version="3.11.2")
    stand_in(tmp_path / "bin" / "python3.12", real=True)
    assert find(tmp_path).stdout.strip() == REAL


def test_a_shim_that_fails_is_passed_over(tmp_path):
    stand_in(tmp_path / "bin" / "python3.13")
    stand_in(tmp_path / "bin" / "python3", real=True)
    assert find(tmp_path).stdout.strip() == REAL


@pytest.mark.parametrize("variable", ["HOME", "PYENV_ROOT"])
def test_a_pyenv_version_that_is_not_selected_is_found(tmp_path, variable):
    stand_in(tmp_path / "bin" / "python3.13")
    stand_in(tmp_path / "bin" / "python3", version="3.11.2")
    root = tmp_path / "home" / ".pyenv" if variable == "HOME" else tmp_path / "elsewhere"
    stand_in(root / "versions" / "3.13.0" / "bin" / "python", real=True)
    extra = {} if variable == "HOME" else {"PYENV_ROOT": str(root)}
    assert find(tmp_path, **extra).stdout.strip() == REAL


def test_uv_is_asked_and_never_downloads(tmp_path):
    uv = tmp_path / "bin" / "uv"
    stand_in(tmp_path / "own" / "python", real=True)
    uv.parent.mkdir()
    uv.write_text(f'#!/bin/sh\n[ "$UV_PYTHON_DOWNLOADS" = never ] && echo "{tmp_path}/own/python"\n')
    uv.chmod(0o755)
    assert find(tmp_path).stdout.strip() == REAL


def test_one_clear_line_where_there_is_none(tmp_path):
    if find(tmp_path).returncode == 0:
        pytest.skip("this system has a new enough Python in a folder that is always looked at")
    stand_in(tmp_path / "bin" / "python3", version="3.11.2")
    answer = find(tmp_path)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.startswith("No Python 3.12 or newer found")


def test_a_named_one_that_is_too_old_is_not_replaced_silently(tmp_path):
    stand_in(tmp_path / "bin" / "old", version="3.11.2")
    stand_in(tmp_path / "bin" / "python3", real=True)
    answer = find(tmp_path, PYTHON=str(tmp_path / "bin" / "old"))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "is not a Python 3.12 or newer" in answer.stderr
