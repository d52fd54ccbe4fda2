"""Work on what strangers made, in a process of its own that may take only so much memory and time.

A program that confines itself (`python -m sources.extraction`, `python -m sources.fetching`) reads its input from
standard input, answers on standard output, and has neither Django nor our settings: no key, no database. Whatever a
file does to it, the web server reads a limited answer or a sentence.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

MEMORY = 1 << 30  # Bytes of address space; trafilatura on 3 MB of HTML takes a fifth of it.
GRACE = 3  # Seconds beyond the processor's limit within which the kernel ends a program that did not end itself.

_ROOT = Path(__file__).resolve().parent.parent


class Broken(Exception):
    """The program did not come to an answer: out of memory or time, or killed. `late` says it was time."""

    def __init__(self, *, late: bool = False) -> None:
        super().__init__("too late" if late else "no answer")
        self.late = late


def run(module: str, argument: str, *, source: IO[bytes] | None, seconds: int, answer: int) -> IO[bytes]:
    """Run `python -m module argument` on a file, and give its answer as a file of at most `answer` bytes, at its start.

    The answer never passes through our memory as a whole. Raises Broken.
    """
    handed_over = tempfile.TemporaryFile()  # noqa: SIM115  The caller closes it.
    environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    command = [sys.executable, "-m", module, argument]
    process = subprocess.Popen(
        command,
        cwd=_ROOT,
        env=environment | {"PYTHONUTF8": "1"},
        stdin=source or subprocess.DEVNULL,
        stdout=handed_over,
        stderr=subprocess.DEVNULL,
    )
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        handed_over.close()
        raise Broken(late=True) from None
    if code or handed_over.seek(0, os.SEEK_END) > answer:
        handed_over.close()
        # 128 + 24 and -24: SIGXCPU, the processor's time was over.
        raise Broken(late=code in {-24, 152})
    handed_over.seek(0)
    return handed_over


def confine(*, seconds: int, answer: int, memory: int = MEMORY) -> None:
    """Called by the program itself, before it reads anything: limit memory, processor time, and what it can write.

    Where the system has no such limits (Windows), the time limit of `run` alone holds.
    """
    with contextlib.suppress(ImportError):
        import resource

        for limit, value, last in (
            (resource.RLIMIT_AS, memory, memory),
            (resource.RLIMIT_CPU, seconds, seconds + GRACE),
            (resource.RLIMIT_FSIZE, answer, answer),
            (resource.RLIMIT_CORE, 0, 0),
        ):
            # macOS refuses some; the others still hold.
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(limit, (value, last))


def refuse_the_network() -> None:
    """From here on this process opens no connection and starts no program, whatever a library tries."""
    calls = {"connect", "bind", "sendto", "sendmsg", "getaddrinfo", "getnameinfo", "gethostbyname", "gethostbyaddr"}
    programs = {"os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile"}
    refused = {"subprocess.Popen", *programs, *(f"socket.{call}" for call in calls)}

    def hook(event: str, _arguments: Sequence[object]) -> None:
        if event in refused:
            raise PermissionError(f"{event} has no place in reading a file")

    sys.addaudithook(hook)
