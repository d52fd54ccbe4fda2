"""The drill of docs/operating.md, with its own commands: back up, restore, and find the history as it was.

The passes that seal before the backup are real processes, the first of them killed.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from config.binaries import ClusterError, find_binaries
from tests.story import FIXTURES

ROOT = Path(settings.BASE_DIR)
MANY = 5_000  # Events: several batches of a pass.

pytestmark = [pytest.mark.launcher, pytest.mark.django_db]


def address(database):
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


@pytest.fixture(scope="module")
def databases(django_db_setup):
    """The names of two databases, there for the length of the module: one to work in and an empty one."""
    try:
        find_binaries()
    except ClusterError as error:
        pytest.skip(str(error))
    names = [f"{connection.settings_dict['NAME']}_{use}" for use in ("drill", "restored")]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        for statement in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {}"):
            for name in names:
                link.execute(sql.SQL(statement).format(sql.Identifier(name)))
        yield names
        for name in names:
            link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def documented(program, **values):
    """Run the one command of docs/operating.md that begins with this program, its variables filled in."""
    (line,) = re.findall(rf"^    ({program} .*)$", (ROOT / "docs/operating.md").read_text(), re.MULTILINE)
    words = [re.sub(r"\$([A-Z_]+)", lambda name: values[name[1]], word) for word in shlex.split(line)]
    run = subprocess.run(
        [find_binaries().program(program), *words[1:]], cwd=values["folder"], capture_output=True, text=True
    )
    assert (run.stderr, run.returncode) == ("", 0)


def manage(database, *words):
    """What manage.py answers there."""
    run = subprocess.run(command(*words), env=environment(database), capture_output=True, text=True)
    assert (run.stderr, run.returncode) == ("", 0)
    return run.stdout


def command(*words):
    return [sys.executable, str(ROOT / "manage.py"), *map(str, words)]


def environment(database):
    return os.environ | {"DATABASE_URL": address(database), "STATEMENT_TIMEOUT": "0"}


def seals_and_checkpoint(link):
    return link.execute(
        "SELECT (SELECT count(*) FROM claims_seal), (SELECT max(size) FROM claims_checkpoint)"
    ).fetchone()


def test_history_survives_a_killed_pass_and_a_restore(databases, tmp_path):
    drill, restored = databases
    (tmp_path / "empty").mkdir()
    template = address(connection.settings_dict["NAME"])
    documented("pg_dump", DATABASE_URL=template, folder=tmp_path / "empty")
    documented("pg_restore", RESTORED_URL=address(drill), folder=tmp_path / "empty")
    manage(drill, "loaddata", *FIXTURES[:3], "--verbosity=0")

    with psycopg.connect(address(drill), autocommit=True) as link:
        link.execute(
            "INSERT INTO claims_occasion (version, ref, kind, name, place) "
            "SELECT 1, lpad(n::text, 10, 'z'), 'briefing', 'Briefing ' || n, '' FROM generate_series(1, %s) n",
            [MANY],
        )
        killed = subprocess.Popen(command("seal_history"), env=environment(drill))
        while killed.poll() is None and not (half := seals_and_checkpoint(link))[0]:
            time.sleep(0.001)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        half = seals_and_checkpoint(link)
        assert killed.returncode == -signal.SIGKILL, "the pass was over before it could be killed"
        assert 0 < half[0] == half[1] < MANY

        assert " events sealed; " in manage(drill, "seal_history")
        (events,) = link.execute("SELECT count(*) FROM claims_event").fetchone()
        assert seals_and_checkpoint(link) == (events, events)

    before, after, kept = tmp_path / "before.jsonl", tmp_path / "after.jsonl", tmp_path / "kept.txt"
    manage(drill, "export_history", before, "--checkpoint", kept, "--verbosity=0")
    documented("pg_dump", DATABASE_URL=address(drill), folder=tmp_path)
    documented("pg_restore", RESTORED_URL=address(restored), folder=tmp_path)
    checked = manage(restored, "verify_history", "--checkpoint", kept)
    assert checked.endswith("nothing was changed. 0 events wait to be sealed.\n")
    manage(restored, "export_history", after, "--verbosity=0")
    assert after.read_bytes() == before.read_bytes()
    assert before.read_bytes().count(b'"event"') > 50
    assert refused_in(restored) == "history_is_kept"


def refused_in(database):
    """The rule by which the restored database refuses to change its history."""
    with psycopg.connect(address(database)) as link, pytest.raises(psycopg.errors.CheckViolation) as refused:
        link.execute("UPDATE claims_event SET actor_id = 1")
    return refused.value.diag.constraint_name
