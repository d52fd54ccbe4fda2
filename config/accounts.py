"""The system user that PostgreSQL runs as. Standard library only."""

import contextlib
import getpass
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.binaries import WINDOWS, ClusterError


@dataclass(frozen=True, slots=True)
class Account:
    """The system user that the server runs as."""

    name: str
    uid: int
    gid: int
    dropped: bool
    """Whether that is another user than ours, because we are root."""

    def spawn(self) -> dict[str, object]:
        """Arguments for subprocess that make the child run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}


def server_account() -> Account:
    if WINDOWS:
        return Account(getpass.getuser(), 0, 0, dropped=False)
    import pwd

    if os.geteuid() != 0:
        try:
            name = pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:
            raise ClusterError(
                f"User number {os.geteuid()} has no name on this system and PostgreSQL does not start without one. "
                "Set DATABASE_URL, or add the user to /etc/passwd."
            ) from None
        return Account(name, os.geteuid(), os.getegid(), dropped=False)
    for name in ("postgres", "_postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid != 0:
                return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, dropped=True)
    raise ClusterError("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


def can_enter(folder: Path, account: Account) -> bool:
    """Whether the server's user can reach this existing folder; asked of the system, not guessed from mode bits."""
    if not account.dropped:
        return True
    try:
        probe = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1" 2>/dev/null', "sh", str(folder)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            **account.spawn(),  # type: ignore[call-overload]
        )
    except OSError:
        return False
    return bool(probe.returncode == 0)


def own_name() -> str:
    """The system user who started the launcher."""
    if WINDOWS:
        return getpass.getuser()
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name
