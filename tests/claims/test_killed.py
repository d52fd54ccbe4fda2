"""A worker that is killed while it publishes or withdraws: the record and its event are both there, or neither is.

The worker is a process of its own that answers one request of the desk; it is stopped at a known place by a lock that
the test holds, and ended with SIGKILL there.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from claims import corrections
from claims.models import Event, Statement
from sources.acting import acting
from tests.factories import StatementFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.launcher]

WORKER = """
import sys, django
django.setup()
from django.contrib.auth.models import User
from django.test import Client
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.get(username="publisher"))
answer = client.post(sys.argv[1], dict(pair.split("=", 1) for pair in sys.argv[2:]))
sys.exit(None if answer.status_code == 302 else answer.content.decode())
"""
# Where the worker waits: as the event is written, or when all is written and only the rules are left to be asked.
PLACES = {
    "writing the event": "LOCK TABLE claims_event IN SHARE MODE",
    "before the commit": "SELECT id FROM sources_capture FOR UPDATE",
}


@contextmanager
def worker(address, **data):
    database = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(database._replace(path=f"/{connection.settings_dict['NAME']}"))
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PGAPPNAME": "a worker",
        "STATEMENT_TIMEOUT": "0",
        "DEBUG": "1",  # Static files without a manifest.
    }
    command = [sys.executable, "-c", WORKER, address, *(f"{name}={value}" for name, value in data.items())]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def until(question, *, seconds=60, while_runs=None):
    """Wait until the database answers yes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert while_runs is None or while_runs.poll() is None, while_runs.stderr.read().decode()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # A transaction sees one state of it otherwise.
            cursor.execute(question, [connection.settings_dict["NAME"]])
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError(f"never true: {question}")


WAITS = "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
ALONE = "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = %s AND application_name = 'a worker'"


def kill_at(place, address, **data):
    with worker(address, **data) as process:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PLACES[place])
            until(WAITS, while_runs=process)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        until(ALONE)


def finish(address, **data):
    with worker(address, **data) as process:
        assert process.wait(60) == 0, process.stderr.read().decode()


def told(statement):
    """The statuses to which the history says that it went."""
    steps = Event.objects.filter(record="statement", record_id=statement.pk, after__has_key="status", action="update")
    return [event.after["status"] for event in steps.order_by("pk")]


@pytest.fixture
def draft(editor, publisher):
    with acting(by=editor):
        statement = StatementFactory()
    statement.refresh_from_db()
    return statement


def step(statement, name):
    return reverse("admin:claims_statement_step", args=[statement.pk, name])


@pytest.mark.parametrize("place", PLACES)
def test_killed_while_publishing(draft, place):
    asked = {"_confirmed": "1", "seen": str(draft.version)}
    kill_at(place, step(draft, "publish"), **asked)
    assert (Statement.objects.get().status, told(draft)) == ("draft", [])
    finish(step(draft, "publish"), **asked)
    assert (Statement.objects.get().status, told(draft)) == ("published", ["published"])


@pytest.mark.parametrize("place", PLACES)
def test_killed_while_withdrawing(editor, publisher, place):
    statement = StatementFactory(status="published")
    proposal = corrections.propose_withdrawal(statement, reason="It was never said.", by=editor)
    address = reverse("admin:claims_correction_decide", args=[proposal.pk])
    approval = {"decision": "approve", "seen": statement.version}
    kill_at(place, address, **approval)
    proposal.refresh_from_db()
    assert (Statement.objects.get().status, told(statement), proposal.state) == ("published", [], "proposed")
    finish(address, **approval)
    proposal.refresh_from_db()
    assert (Statement.objects.get().status, told(statement), proposal.state) == ("withdrawn", ["withdrawn"], "applied")
