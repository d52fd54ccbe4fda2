"""Every address that takes a POST and every command leaves its events: walked, not listed.

The addresses come from the URLconf, what can be done in a room from the room itself (its forms, rows, actions, steps
and buttons), the commands from Django, the tables from the database. Whatever is found there has a change in
tests/recorded that is really made, or stands there with the reason why nothing is to be told of it. Of each change that
is made, the events replayed on the rows as they were must give the rows as they are, in every table of the database.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib import admin
from django.core.management import get_commands
from django.db import connection
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import resolve

from claims.admin.correcting import Corrects
from claims.admin.mails import MailsForm
from claims.admin.steps import STEPS, WITH_A_SAVE, TakesSteps
from claims.forms.reports import OutcomeForm
from claims.models import Event, Side
from tests.factories import SideFactory, SpeakerFactory
from tests.recorded.at_the_desk import PERFORM
from tests.recorded.commands import RUNS, speakers_in
from tests.recorded.elsewhere import NOTHING, Quiet
from tests.recorded.ledger import UNTOLD, Written, told_tables, untold, watched
from tests.recorded.world import Change, World, signed_in
from tests.walk import Route, routes

pytestmark = pytest.mark.django_db
OWN = {"config", "claims", "sources"}
# Address → where its buttons are named, and how.
BUTTONS = {
    "admin:claims_correction_decide": ("admin/claims/proposal.html", r'name="decision" value="(\w+)"'),
    "admin:claims_statement_proposals": ("admin/claims/_proposals.html", r'name="decision" value="(\w+)"'),
    "admin:two_factor": ("admin/two_factor/own.html", r'<button[^>]* name="(\w+)"'),
}
# Address → the field whose choices do different things.
CHOICES = {
    "admin:claims_report_change": OutcomeForm.base_fields["state"],
    "desk_mails": MailsForm.base_fields["every"],
}
# Whatever a button says beside being pressed; each is tried in tests/recorded, where it changes something or nothing.
NAMED_BUTTONS = {"_save", "_step", "_confirmed", "_show", "_split", "_look", "_keep", "preview"}
NAMED_BUTTONS |= {"decision", "device", "codes"}  # By BUTTONS.
# Every form of the desk that was saved is kept there, word for word.
FORMS_KEPT = {"django_admin_log"}


@pytest.fixture
def world(settings) -> World:
    return World(settings)


# What there is.


def takes_a_post(route: Route, world: World) -> bool:
    """Whether an empty POST is answered otherwise than by 405, whoever of the desk sends it; who may least is asked
    first, since a refusal costs less than a form."""
    path = world.address_of(route)
    browsers = (signed_in(person) for person in reversed(world.cast)) if route.is_desk else [Client()]
    return any(browser.post(path).status_code != 405 for browser in browsers)


def asked_by(person: Any) -> Any:
    request = RequestFactory().get("/")
    request.user = person
    return request


def is_shut(route: Route, world: World) -> bool:
    """Whether nobody's role opens this page of a room: nobody adds a correction by hand or deletes a report."""
    asks = {"add": "has_add_permission", "change": "has_change_permission", "delete": "has_delete_permission"}
    if route.room is None or route.page not in asks:
        return False
    return not any(getattr(route.room, asks[route.page])(asked_by(person)) for person in world.cast)


def ways(route: Route, world: World) -> Iterator[str]:
    """In what ways an address changes something: its buttons, actions, steps and rows; else in one."""
    room = route.room
    if route.name in BUTTONS:
        template, pattern = BUTTONS[route.name]
        yield from re.findall(pattern, get_template(template).template.source)
    elif route.name in CHOICES:
        yield from (value for value, _ in CHOICES[route.name].choices)
    elif room is not None and route.page == "changelist":
        yield from {name: None for person in world.cast for name in room.get_actions(asked_by(person))} or [""]
    elif room is not None and route.page == "step":
        yield from STEPS
    else:
        yield ""
        if room is not None and route.page == "change":
            yield from rows_of(room, world)
            if isinstance(room, Corrects):
                yield "of what is public"
            if isinstance(room, TakesSteps):
                yield from (f"and {step.name}" for step in WITH_A_SAVE if not step.asks)


def rows_of(room: Any, world: World) -> Iterator[str]:
    """What somebody may do with the rows in a record's form: “Position add”."""
    record = world.one_of(room.model)
    requests = [asked_by(person) for person in world.cast]
    for inline in room.get_inlines(requests[0], record):
        rows = inline(room.model, admin.site)
        for way in ("add", "change", "delete"):
            if any(getattr(rows, f"has_{way}_permission")(request, record) for request in requests):
                yield f"{rows.model.__name__} {way}"


def key(name: str, way: str) -> str:
    return f"{name} {way}".strip()


def test_every_way_to_change_something_is_tried(world):
    """An address, action, step, row or button that is new stands here until there is a change through it."""
    unknown = set()
    for route in routes():
        if not takes_a_post(route, world) or is_shut(route, world):
            continue
        for way in ways(route, world):
            known = {key(route.name, way), key(route.page, way)}
            if not known & (PERFORM.keys() | NOTHING.keys()):
                unknown.add(key(route.name, way))
    assert unknown == set()


def test_every_button_is_known():
    """One with a name may do something of its own at an address that is known."""
    pages = [path.read_text(encoding="utf-8") for path in (project.BASE_DIR / "templates").rglob("*.html")]
    buttons = [tag for page in pages for tag in re.findall(r"<(?:button|input)[^>]*>", page) if 'type="submit"' in tag]
    assert {name for tag in buttons for name in re.findall(r' name="(\w+)"', tag)} == NAMED_BUTTONS


def test_every_command_is_tried():
    own = {name for name, app in get_commands().items() if app in OWN}
    assert own | {"loaddata"} == RUNS.keys()


def test_every_table_and_column_is_told_or_has_its_reason():
    """In the whole database; a table that is added later is tracked, or stands in UNTOLD."""
    assert untold() == UNTOLD.keys()
    assert [name for name, reason in UNTOLD.items() if not reason] == []
    ours = {
        model._meta.db_table for app in OWN for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    assert ours <= told_tables().keys() | UNTOLD.keys()


@pytest.mark.parametrize("lost", ["insert", "update", "delete"])
def test_a_change_that_no_event_tells_of_is_noticed(lost):
    side = SideFactory()
    told_tables()
    with connection.cursor() as cursor, watched() as written:
        cursor.execute(f"ALTER TABLE claims_side DISABLE TRIGGER event_{lost}")
        Side.objects.update(name="Renamed")
        SideFactory()
        side.delete()
    assert len(written.faults) == 1


# What each leaves.


def assert_told(written: Written, *, by: set[Any], origin: str) -> None:
    """Every change has its events, of these actors (none where nothing is to be written) and of this origin."""
    assert written.faults == []
    assert {(event.row_table, event.row_id) for event in written.events} >= written.changed
    assert {event.actor for event in written.events} == by
    assert [event.origin for event in written.events if not event.origin.startswith(origin)] == []


@pytest.mark.parametrize("name", PERFORM)
def test_change_leaves_its_events(world, name):
    change = PERFORM[name](world)
    address, _, _ = name.partition(" ")
    assert resolve(urlsplit(change.path).path).view_name == address
    browser = change.browser()
    with watched() as written:
        answer = browser.post(change.path, change.data)
    assert answer.status_code in {200, 302}
    assert written.changed, f"nothing was changed: {answer.status_code}"
    assert change.record in written.records
    assert_told(written, by={change.by}, origin=change.origin or f"POST {change.path} ")
    assert written.beside - FORMS_KEPT == change.beside


@pytest.mark.parametrize("name", NOTHING)
def test_what_records_nothing_changes_nothing(world, name):
    quiet = NOTHING[name]
    for change in quiet_changes(name, quiet, world):
        browser = change.browser()
        with watched() as written:
            browser.post(change.path, change.data)
        assert (written.events, written.changed, written.beside) == ([], set(), quiet.beside), change.path


def quiet_changes(name: str, quiet: Quiet, world: World) -> Iterator[Change]:
    """The one that is given, or an empty POST to each address of that name by somebody who may."""
    if quiet.change:
        yield quiet.change(world)
        return
    for route in routes():
        if name in {route.name, route.page}:
            by = world.administrator if route.pattern.startswith("admin/auth/") else world.publisher
            yield Change(by, world.address_of(route))


@pytest.mark.parametrize("name", RUNS)
def test_command_leaves_its_events(world, name, tmp_path):
    run = RUNS[name](world, tmp_path)
    with connection.cursor() as cursor:
        # As settings.py has it where manage.py is started by that name; the test below starts it.
        cursor.execute("SELECT set_config('application_name', %s, true)", [f"manage.py {name}"])
    with watched() as written:
        run.go(name)
    assert {(record._meta.model_name, record.pk) for record in run.of()} <= written.records
    assert_told(written, by={None} if run.of() else set(), origin=f"manage.py {name}")
    assert written.beside == run.beside


@pytest.mark.django_db(transaction=True)
def test_the_command_line_is_the_origin(tmp_path):
    speaker = SpeakerFactory()
    path = speakers_in(tmp_path, [speaker], {speaker.slug: "Changed"})
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    command = [sys.executable, "manage.py", "loaddata", path]
    subprocess.run(command, cwd=project.BASE_DIR, env=os.environ | {"DATABASE_URL": url}, check=True)
    assert Event.objects.first().origin == "manage.py loaddata"
