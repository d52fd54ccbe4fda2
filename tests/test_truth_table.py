"""Status × role × every address: who may see what, on all that the URLconf knows.

One record of each kind in each standing, each with a word of its own. Every address of the site is asked for by every
role; a word may stand only in answers to those who may read its record, and must stand on the record's own pages for
them. Nothing is listed by hand but what a parameter means: a new address is asked for, or fails here until it can be.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.admin.queue import queues
from claims.admin.steps import STEPS
from claims.models import Contradiction, Report, SavedFilter, Speaker, Statement, Topic
from claims.reports import KINDS
from sources.acting import acting
from sources.models import Capture, Source
from tests.conftest import member
from tests.factories import ContradictionFactory, PositionFactory, QuestionFactory, StatementFactory, TopicFactory
from tests.walk import Route, routes

pytestmark = pytest.mark.django_db

STANDINGS = ("draft", "own draft", "in review", "published", "held", "withdrawn")
ROLES = ("reader", "Contributor", "Editor", "Publisher", "Importer", "Auditor", "Administrator")
READS_DRAFTS = {"Editor", "Publisher", "Auditor"}
AT_THE_DESK = READS_DRAFTS | {"Contributor", "Importer"}
PUBLIC_STATUS = {"published": 200, "withdrawn": 410}
HELD = {"held_since": timezone.now(), "held_reason": "A reason of the check."}


@dataclass(frozen=True)
class Planted:
    """A record with a word that stands nowhere else, and whether what it stands on is public."""

    record: Any
    standing: str
    word: str

    def seen_by(self, role: str) -> bool:
        """Whether somebody of this role may read it on any page at all."""
        if self.standing == "published" or role in READS_DRAFTS:
            return True
        once_public = self.standing in {"held", "withdrawn"}
        return (role in AT_THE_DESK and once_public) or (role == "Contributor" and self.standing == "own draft")


def status_of(standing: str) -> str:
    return {"own draft": "draft", "in review": "in_review", "held": "published"}.get(standing, standing)


@pytest.fixture
def world(db) -> dict[str, Any]:
    """The people, and a statement, a pair and a topic in each standing."""
    people = {role: member(role.lower(), role) for role in ROLES[1:]}
    shown = TopicFactory(title="A topic that is shown")
    planted = []
    for standing in STANDINGS:
        by = people["Contributor"] if standing == "own draft" else people["Editor"]
        planted += plant(standing, shown, by)
        if standing not in {"held", "own draft"}:  # A topic is never held, and made by whoever edits.
            word = f"wordtopic{standing.replace(' ', '')}"
            planted.append(Planted(made(TopicFactory, standing, by, title=f"The {word}"), standing, word))
    return {"people": people, "planted": planted}


def made(factory: Any, standing: str, by: Any, **values: Any) -> Any:
    """A draft has the person who recorded it; what was written as published has no living author."""
    status = status_of(standing)
    with acting(by=by if status in {"draft", "in_review"} else None):
        return factory(status=status, **values)


def plant(standing: str, topic: Any, by: Any) -> list[Planted]:
    """A statement and a pair in this standing, on a question of a public topic."""
    key, held = standing.replace(" ", ""), HELD if standing == "held" else {}
    question = QuestionFactory(topic=topic, text=f"Asked of {key}?")
    content = f"the wordstatement{key} of the talks"
    statement = made(StatementFactory, standing, by, content=content, topics=[topic], **held)
    sides = [StatementFactory(status="published", topics=[topic]) for _ in range(2)]
    for each in sides:
        PositionFactory(statement=each, question=question, words="")
    values = {"question": question, "first": sides[0], "second": sides[1], "positions": False}
    pair = made(ContradictionFactory, standing, by, **values, explanation=f"The wordpair{key} of it.", **held)
    return [Planted(statement, standing, f"wordstatement{key}"), Planted(pair, standing, f"wordpair{key}")]


# What the parameters of an address stand for: by the name of the route or its first word, at the desk by the room.
KEYS = {
    "topic": lambda: Topic.objects.values_list("slug", flat=True),
    "contradiction": lambda: Contradiction.objects.values_list("ref", flat=True),
    "statement": lambda: Statement.objects.values_list("ref", flat=True),
    "speaker": lambda: Speaker.objects.values_list("slug", flat=True)[:6],
    "source": lambda: Source.objects.values_list("ref", flat=True),
    "capture": lambda: Capture.objects.values_list("source__ref", "ref"),
    "report_outcome": lambda: Report.objects.values_list("ref", flat=True),
    "report_form": lambda: [
        (kind, key) for kind, (m, name) in KINDS.items() for key in m.objects.values_list(name, flat=True)
    ],
    "mail_stop": lambda: ["no-such-token"],
    "desk_queue_list": lambda: [queue.slug for queue in queues(member("everything", "Publisher"))],
    "desk_filter_delete": lambda: SavedFilter.objects.values_list("pk", flat=True),
}
# Rooms whose address takes the key of another model's row.
OTHER_KEYS = {"admin:claims_statement_proposals": Capture}
ONCE = {"admin:app_list": [{"app_label": app} for app in ("auth", "claims", "sources")]}


def ways(route: Route) -> list[dict[str, Any]]:
    """The values of a route's parameters, for every record there is. Raises for one that nobody has given a meaning."""
    if not route.parameters:
        return [{}]
    if route.name in ONCE:
        return ONCE[route.name]
    if route.name == "admin:view_on_site":
        kind = ContentType.objects.get_for_model(Statement).pk
        return [{"content_type_id": kind, "object_id": key} for key in Statement.objects.values_list("pk", flat=True)]
    if room := OTHER_KEYS.get(route.name) or route.room:
        key, *rest = route.parameters
        found = [{key: pk} for pk in room._base_manager.order_by("pk").values_list("pk", flat=True)]
        return [{**values, **more} for values in found for more in steps(rest)]
    keys = (KEYS.get(route.name) or KEYS[route.name.partition("_")[0]])()
    return [dict(zip(route.parameters, value if isinstance(value, tuple) else [value], strict=True)) for value in keys]


def steps(parameters: list[str]) -> list[dict[str, Any]]:
    """What follows the key in an address of the desk: nothing, or the name of a step."""
    if not parameters:
        return [{}]
    assert parameters == ["step"], parameters
    return [{"step": name} for name in STEPS]


def addresses(route: Route, words: list[str]) -> list[str]:
    """Every address of a route in this world, with searches for the words where a list may take them."""
    if route.name == "admin:":
        # Django's own: one leads from a record's address to its form, the other answers what is not there.
        return ["/admin/nothing/"]
    found = [reverse(route.name, kwargs=values) for values in ways(route)]
    if found and not route.parameters:
        found += [f"{found[0]}?{name}={word}" for word in words for name in ("q", "term")]
    elif not route.is_desk:
        found += [f"{address}?as_of={timezone.now():%Y-%m-%dT%H:%MZ}" for address in found]
    return found


def written() -> int:
    """How many rows this transaction has written so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


def browser(role: str, people: dict[str, Any]) -> Client:
    client = Client(raise_request_exception=True)
    if role != "reader":
        client.force_login(people[role])
    return client


def all_addresses(planted: list[Planted]) -> list[str]:
    words = [each.word for each in planted if each.standing in {"draft", "own draft", "held"}]
    return sorted({address for route in routes() for address in addresses(route, words)})


@pytest.mark.parametrize("role", ROLES)
def test_words_stand_only_where_their_readers_look(world, role):
    client = browser(role, world["people"])
    every = all_addresses(world["planted"])
    before = written()
    answers = {address: client.get(address) for address in every}
    assert written() == before, "a GET wrote something"
    texts = {address: body(answer) for address, answer in answers.items()}
    assert {a: r.status_code for a, r in answers.items() if r.status_code >= 500} == {}
    for planted in world["planted"]:
        shown = {address for address, text in texts.items() if planted.word in text and planted.word not in address}
        if not planted.seen_by(role):
            assert shown == set(), (role, planted.standing, planted.word)
        public = {address for address in shown if not address.startswith("/admin/")}
        assert bool(public) == (planted.standing == "published"), (role, planted.standing, planted.word, public)
        own = planted.record.get_absolute_url()
        assert answers[own].status_code == PUBLIC_STATUS.get(planted.standing, 404), own
        change = reverse(f"admin:claims_{planted.record._meta.model_name}_change", args=[planted.record.pk])
        assert (change in shown) == (role in AT_THE_DESK and planted.seen_by(role)), (role, planted)


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()
