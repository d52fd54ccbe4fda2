"""Private words are in no public byte: canaries in every private field, looked for in all that readers can get.

tests/canaries.py says which fields readers see; tests/planting.py writes a newsroom around a published statement of an
unnamed source. `sweep` asks for everything and says where each canary was found: nowhere, where it must not be; and
each mutant below, which leaks on purpose, is found in its place and in no other.
"""

import base64
import logging
import re
import runpy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from claims import history_columns
from claims.history import written
from claims.models import Contradiction, Correction, Event, Report, Statement, Topic
from config.urls import urlpatterns as site_urls
from sources.models import Source
from tests.canaries import COPIES, MADE, PREFIX, SHOWN, found_in, private_fields, text_fields, word
from tests.planting import Newsroom, plant, planted
from tests.test_visibility import addresses
from tests.walk import routes

pytestmark = pytest.mark.django_db

type Found = dict[str, set[str]]


@pytest.fixture(scope="module")
def room(django_db_setup, django_db_blocker):
    """Committed, since one transaction is one moment; emptied at the end."""
    with django_db_blocker.unblock():
        yield plant()
        call_command("flush", verbosity=0, interactive=False)


# What there is to be read, and where in it canaries stand.


def sweep(room: Newsroom, folder: Path) -> Found:
    """Place → the private and hidden fields whose canaries stand there, of all that readers can get, and the log."""
    return {place: labels for place, found in everything(room, folder).items() if (labels := found - SHOWN.keys())}


def everything(room: Newsroom, folder: Path) -> Found:
    """Place → the fields whose canaries stand there."""
    places: Found = defaultdict(set)
    with logged() as log:
        for place, content in [*pages(room), *commands(folder), *mails_to_readers(room)]:
            places[place] |= found_in(content)
    places["log"] = found_in_log(log, places)
    return places


def found_in_log(log: StringIO, asked: Iterable[str]) -> set[str]:
    """What it has beside the addresses that were asked for, which it repeats."""
    paths = {place.partition(" ")[2].partition("?")[0] for place in asked}
    said = (line.rpartition(": ") for line in log.getvalue().splitlines())
    return found_in("\n".join(line if last in paths else line + last for line, _, last in said).encode())


@contextmanager
def logged() -> Iterator[StringIO]:
    """What the site's own handler writes where LOG_LEVEL is DEBUG."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOG_LEVEL", "DEBUG")
        told = runpy.run_path(str(site.BASE_DIR / "config" / "settings.py"))["LOGGING"]
    named = {"": told["root"], **told["loggers"]}
    levels = {name: logging.getLogger(name).level for name in named}
    (handler,) = [handler for handler in logging.root.handlers if type(handler) is logging.StreamHandler]
    stream = handler.setStream(log := StringIO())
    try:
        for name, values in named.items():
            logging.getLogger(name).setLevel(values["level"])
        yield log
    finally:
        handler.setStream(stream)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def bytes_of(answer: Any) -> bytes:
    """Everything of an answer: status, headers, cookies, body."""
    head = f"{answer.status_code} {answer.reason_phrase}\n{answer.headers}\n{answer.cookies.output()}\n"
    return head.encode() + b"".join(answer)


def pages(room: Newsroom) -> Iterator[tuple[str, bytes]]:
    """Every public address there is, now and as of then, and the ways to ask for what is not there."""
    reader = Client(raise_request_exception=False)
    for address in [*addresses(), *past_addresses(room), *wrong_addresses(room)]:
        answer = reader.get(address)
        assert answer.status_code < 500, address
        yield f"GET {address}", bytes_of(answer)
    statement = Statement.objects.get(pk=room.keys["unnamed"])
    strict = Client(enforce_csrf_checks=True)
    refused = [
        ("POST", reader.post(statement.get_absolute_url()), 405),
        ("POST report without words", reader.post(f"/report/statements/{statement.ref}/", {"kind": "words"}), 400),
        ("GET of another host", reader.get("/", headers={"host": "elsewhere.example"}), 400),
        ("POST of a form of another site", strict.post("/admin/login/", {"username": "nobody"}), 403),
    ]
    for place, answer, status in refused:
        assert answer.status_code == status, place
        yield place, bytes_of(answer)
    assert reader.cookies.output() == ""


def past_addresses(room: Newsroom) -> list[str]:
    records = [*Statement.objects.all(), *Contradiction.objects.all(), *Topic.objects.all()]
    return [f"{each.get_absolute_url()}?as_of={written(moment)}" for each in records for moment in room.moments]


def wrong_addresses(room: Newsroom) -> list[str]:
    statement = Statement.objects.get(pk=room.keys["unnamed"]).get_absolute_url()
    lists = [f"/{name}/?cursor=x&sort=x" for name in ("statements", "contradictions", "speakers", "sources")]
    lists += [f"/api/v1{address.replace('/?', '?')}" for address in lists]
    changed = [f"/corrections/?ref={ref}" for ref in Correction.objects.values_list("ref", flat=True)]
    return [f"{statement}?as_of=then", f"{statement}?as_of=2999-01-01", f"{statement}nothing/", *lists, *changed]


def commands(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The public history as the operator writes it down, and what the commands say."""
    said, history, checkpoint = StringIO(), folder / "history.jsonl", folder / "checkpoint.txt"
    call_command("seal_history", stdout=said, stderr=said)
    call_command("export_history", history, "--checkpoint", checkpoint, stdout=said, stderr=said)
    yield "export_history", history.read_bytes() + checkpoint.read_bytes()
    yield "what commands say", said.getvalue().encode()


def mails_to_readers(room: Newsroom) -> Iterator[tuple[str, bytes]]:
    """What readers get who reported something; their own address stands in the head of their mail."""
    desk = {person.email for person in room.people.values()}
    for sent in mails(room):
        if sent.to[0] not in desk:
            yield "mail to a reader", text_of(sent)


def mails(room: Newsroom) -> list[Any]:
    """All that goes out now, taken back in the database so that it goes out again the next time."""
    mail.outbox.clear()
    with transaction.atomic():
        call_command("send_digests", verbosity=0)
        transaction.set_rollback(True)
    return list(mail.outbox)


def text_of(sent: Any) -> bytes:
    message = sent.message()
    head = "\n".join(f"{name}: {value}" for name, value in message.items() if name != "To")
    return head.encode() + message.get_payload(decode=True)


# Every field is decided on, and planted.


def test_every_text_field_is_said_to_be_public_or_planted(room):
    """A new field fails here: say in tests/canaries.py where readers see it, or plant its word."""
    every = {label for label, _ in text_fields()}
    assert (SHOWN.keys() | MADE | COPIES) - every == set()
    assert SHOWN.keys() & MADE == set()
    assert private_fields() | SHOWN.keys() <= planted()


def test_the_history_has_the_same_columns_as_the_pages():
    tables = {field.model._meta.db_table for _, field in text_fields()} & history_columns.PUBLIC.keys()
    sides = {
        label: field.column in history_columns.PUBLIC[field.model._meta.db_table]
        for label, field in text_fields()
        if field.model._meta.db_table in tables
    }
    assert {label for label, public in sides.items() if public} - MADE == {label for label in sides if label in SHOWN}


def test_nothing_private_is_in_any_public_byte(room, tmp_path):
    found = everything(room, tmp_path)
    assert {place: labels for place, found_there in found.items() if (labels := found_there - SHOWN.keys())} == {}
    # And what is said to be shown is.
    assert SHOWN.keys() - set().union(*found.values()) == {"claims.Correction.changes"}


def test_no_number_that_seals_a_hidden_change_gets_out(room, tmp_path):
    """Whoever has it can find out by trying which words an event hides."""
    nonces = {each.hex for each in Event.objects.values_list("nonce", flat=True)}
    reader = Client()
    export = b"".join(reader.get("/export/history.jsonl")) + b"".join(reader.get("/statements/")).replace(b"-", b"")
    assert nonces & set(re.findall("(?=([0-9a-f]{32}))", export.decode())) == set()


# The log where something fails with the record in hand.


def fail(request: HttpRequest) -> HttpResponse:
    """What no view does: write a row that the database refuses."""
    with transaction.atomic():
        Statement.objects.filter(content__contains=word("claims.Statement.content")).update(rank="none")
    raise AssertionError


urlpatterns = [path("fail/", fail), *site_urls]


def test_error_of_the_database_tells_the_log_no_row(room, settings):
    settings.ROOT_URLCONF = __name__
    with logged() as log:
        answer = Client(raise_request_exception=False).get("/fail/")
    assert answer.status_code == 500
    assert found_in(bytes_of(answer)) == set()
    assert "Internal Server Error: /fail/" in log.getvalue()
    assert 'new row for relation "claims_statement" violates check constraint' in log.getvalue()
    assert found_in(log.getvalue().encode()) == set()


# Mails and the desk, by role.


def test_mails_hold_what_their_reader_may_read(room):
    people = {person.email: role for role, person in room.people.items()}
    found = {people.get(sent.to[0], "reader"): found_in(text_of(sent)) - SHOWN.keys() for sent in mails(room)}
    titles = {"hidden sources.Source.title", "hidden claims.Topic.title"}
    assert found == {
        "Editor": titles,
        "Publisher": {"hidden claims.Speaker.name", "hidden claims.Statement.content", "hidden sources.Source.title"},
        "reader": set(),
    }


# Who may not read everybody's drafts reads no private note of a colleague's record either. Sources with their notes,
# their kept copies and speakers are shared at the desk (docs/editing.md, Roles).
SHARED = {
    "auth.User.username",
    "auth.User.first_name",
    "claims.Anchor.prefix",
    "claims.Anchor.suffix",
    "hidden claims.Speaker.name",
    "hidden claims.Speaker.slug",
    "hidden claims.Statement.content",
    "hidden sources.Source.title",
    "sources.Capture.text",
    "sources.Outlet.homepage",
    "sources.Source.locator",
    "sources.Source.note",
}
AUTHORED = (Statement, Contradiction, Topic, Correction, Report)
AT_THE_DESK = {
    "Contributor": SHARED,
    "Importer": SHARED,
    "Administrator": {f"auth.User.{name}" for name in ("username", "first_name", "last_name", "email")},
}


@pytest.mark.parametrize("role", AT_THE_DESK)
def test_desk_shows_a_role_what_is_its_own_to_read(room, role):
    client = room.browser(role)
    with logged() as log:
        found = {address: found_in(bytes_of(client.get(address))) - SHOWN.keys() for address in desk_addresses()}
    allowed = AT_THE_DESK[role]
    assert {address: more for address, labels in found.items() if (more := labels - allowed)} == {}
    assert set().union(*found.values()) == allowed
    assert found_in_log(log, [f"GET {address}" for address in found]) - SHOWN.keys() == set()


def desk_addresses() -> list[str]:
    """Every page of no record, every list with a search for canaries, and the pages of the records of each room: of
    those that have an author all, of others the first and the last."""
    found = []
    for route in routes():
        if not route.is_desk or route.name.endswith((":", "logout")):
            continue
        if not route.parameters:
            found.append(reverse(route.name) + (f"?q={PREFIX}" if route.room else ""))
        elif route.room and len(route.parameters) == 1:
            model = route.room.model
            rows = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
            chosen = rows if model in AUTHORED else {rows[0], rows[-1]}
            found += [reverse(route.name, args=[pk]) for pk in chosen]
    return found


# What leaks on purpose is found, in its place and nowhere else.


def altered(folder: Path, name: str, old: str, new: str) -> None:
    """A template of the site with a change in it."""
    text = (site.BASE_DIR / "templates" / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, name
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def talkative(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware that tells the log what it should not."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path == "/sources/":
            logging.getLogger("claims.talkative").info("Of %s", Source.objects.exclude(note="").first().note)
        return get_response(request)

    return answer


def test_each_leak_is_found_in_its_place(room, tmp_path, settings, monkeypatch):
    """One for each kind of place, each of another field, so that one sweep tells them apart."""
    templates = tmp_path / "templates"
    settings.TEMPLATES = [{**site.TEMPLATES[0], "DIRS": [templates, *site.TEMPLATES[0]["DIRS"]]}]
    altered(
        templates, "claims/statement_detail.html", "{% reader_reports", "<!-- {{ statement.note }} -->{% reader_reports"
    )
    altered(templates, "claims/report_answer.txt", "This stays at", "{{ report.message }}\nThis stays at")
    altered(
        templates,
        "claims/_correction_in_feed.html",
        "{{ each.correction.reason }}",
        "{{ each.correction.reason }} {{ each.correction.proposed_by.email }}",
    )
    columns = history_columns.PUBLIC["claims_contradiction"] | {"note"}
    monkeypatch.setitem(history_columns.PUBLIC, "claims_contradiction", columns)
    settings.MIDDLEWARE = [*site.MIDDLEWARE, f"{__name__}.talkative"]
    page = f"GET {Statement.objects.get(pk=room.keys['unnamed']).get_absolute_url()}"
    pages_of_it = [page, *(f"{page}?as_of={written(moment)}" for moment in room.moments)]
    assert sweep(room, tmp_path) == {
        **{place: {"claims.Statement.note"} for place in pages_of_it},
        "GET /export/history.jsonl": {"claims.Contradiction.note"},
        "export_history": {"claims.Contradiction.note"},
        "GET /feeds/corrections.atom": {"auth.User.email"},
        "GET /feeds/corrections.json": {"auth.User.email"},
        "mail to a reader": {"claims.Report.message"},
        "log": {"sources.Source.note"},
    }


NOTE = word("claims.Statement.note")


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(NOTE.upper(), id="in capitals"),
        pytest.param("".join(f"&#{ord(sign)};" for sign in NOTE), id="escaped for HTML"),
        pytest.param("".join(f"\\u{ord(sign):04x}" for sign in NOTE), id="escaped for JSON"),
        pytest.param("".join(f"%{ord(sign):02X}" for sign in NOTE), id="escaped for addresses"),
        pytest.param(NOTE.encode().hex(), id="in hexadecimal"),
        *(
            pytest.param(base64.b64encode(b"x" * n + NOTE.encode()).decode(), id=f"in base64 after {n}")
            for n in range(3)
        ),
        pytest.param(base64.urlsafe_b64encode(f"«ÿ»{NOTE.upper()}".encode()).decode(), id="in base64 for addresses"),
    ],
)
def test_words_are_found_however_they_are_written(form):
    assert found_in(f"Of it “{form}” stands here.".encode()) == {"claims.Statement.note"}
