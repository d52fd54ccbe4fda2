"""Status × role × every address: who may see what, on all that the URLconf knows; and asking writes nothing.

One record of each kind in each standing, each with a word of its own. Every role asks for every address of the site; a
record's marks (its word, its page, its form) may stand only in answers to those who may read it, and stand on its own
pages for them. Nothing is listed by hand but what a parameter of an address means: a new address is asked for, or
fails here until it can be.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.admin.steps import STEPS
from claims.choices import AlertList
from claims.models import Contradiction, Correction, Question, Report, SavedFilter, Statement, Topic
from claims.queues import queues
from claims.reports import KINDS
from claims.sealing import seal
from claims.sitemaps import SITEMAPS
from claims.views.sharing import FORMS
from tests.standings import (
    AT_DESK,
    AUTHOR,
    DECIDE,
    EVER_PUBLIC,
    READ_ALL,
    READER,
    READERS,
    ROLES,
    Planted,
    World,
    begun,
    plant,
)
from tests.walk import Route, routes

pytestmark = pytest.mark.django_db

# Who has the right that a step needs; to look at a record as readers would, whoever may read it.
RIGHTS = {
    "publish": AT_DESK,
    "submit": AT_DESK - {"Auditor"},
    "return": AT_DESK - {"Auditor"},
    "withdraw": {"Contributor", *DECIDE},
    "hold": {"Publisher"},
    "release": {"Publisher"},
}
LISTS = {
    Statement: {"statement_list", "api_statements"},
    Contradiction: {"contradiction_list", "api_contradictions"},
    Topic: {"topic_list", "api_topics"},
}
# The pages of one record that say its word.
TELLS = {"change", "words", "step", "address", "statement_history", "topic_history"}
TELLS |= {"statement_detail", "contradiction_detail", "topic_detail"}
TELLS |= {"api_statement", "api_contradiction", "api_topic", "api_annotation"}
TELLS |= {"linked_statement", "linked_contradiction", "linked_topic"}
ADDS = {Statement: {"Contributor", *DECIDE}, Contradiction: {"Contributor", *DECIDE}, Topic: DECIDE, Question: DECIDE}


@dataclass(frozen=True)
class Answer:
    """What came back from an address; `of` is the planted record whose own address it is."""

    route: Route
    of: Planted | None
    address: str
    status: int
    leads: str
    text: str


@pytest.fixture(scope="class")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Everybody, and every kind of record in every standing."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = begun()
        for standing in READERS:
            plant(made, standing)
        seal()
        yield made
        transaction.set_rollback(True)


# What the parameters of an address mean: the values to ask with.


def values(parameter: str, model: Any) -> Callable[[World], list[dict[str, Any]]]:
    return lambda world: [{parameter: getattr(record, parameter)} for record in world.of(model)]


def in_every_form(parameter: str, model: Any) -> Callable[[World], list[dict[str, Any]]]:
    keys = values(parameter, model)
    return lambda world: [{**key, "form": form} for key in keys(world) for form in FORMS]


def report_values(world: World) -> list[dict[str, Any]]:
    one = {"speakers": world.sides[0].speaker.slug, "sources": world.copy.source.ref}
    return [
        {"kind": kind, "key": key}
        for kind, (model, name) in KINDS.items()
        for key in ([one[kind]] if kind in one else [getattr(record, name) for record in world.of(model)])
    ]


MEANING: dict[str, Callable[[World], list[dict[str, Any]]]] = {
    "feed_topic_atom": values("slug", Topic),
    "feed_topic_json": values("slug", Topic),
    "feed_speaker_atom": lambda world: [{"slug": world.sides[0].speaker.slug}],
    "feed_speaker_json": lambda world: [{"slug": world.sides[0].speaker.slug}],
    "topic_detail": values("slug", Topic),
    "topic_history": values("slug", Topic),
    "topic_timeline": values("slug", Topic),
    "contradiction_detail": values("ref", Contradiction),
    "contradiction_history": values("ref", Contradiction),
    "statement_detail": values("ref", Statement),
    "statement_history": values("ref", Statement),
    "speaker_detail": lambda world: [{"slug": world.sides[0].speaker.slug}],
    "source_detail": lambda world: [{"ref": world.copy.source.ref}],
    "embed_contradiction": values("ref", Contradiction),
    "embed_statement": values("ref", Statement),
    "card_contradiction": values("ref", Contradiction),
    "card_statement": values("ref", Statement),
    "card_topic": values("slug", Topic),
    "cite_contradiction": in_every_form("ref", Contradiction),
    "cite_statement": in_every_form("ref", Statement),
    "cite_topic": in_every_form("slug", Topic),
    "capture_changes": lambda world: [{"ref": world.copy.source.ref, "capture": world.copy.ref}],
    "report_form": report_values,
    "report_outcome": values("ref", Report),
    **dict.fromkeys(("mail_stop", "alert_confirm", "alert_stop"), lambda _: [{"token": "nonsense"}]),
    "alert_form": lambda _: [{"room": room} for room in AlertList.values],
    "sitemap_section": lambda _: [{"section": section} for section in SITEMAPS],
    **dict.fromkeys(["api_topic", "api_questions", "linked_topic"], values("slug", Topic)),
    "api_question": lambda world: [{"slug": q.topic.slug, "question": q.slug} for q in Question.objects.all()],
    **dict.fromkeys(["api_contradiction", "linked_contradiction"], values("ref", Contradiction)),
    **dict.fromkeys(["api_statement", "api_annotation", "linked_statement"], values("ref", Statement)),
    **dict.fromkeys(["api_speaker", "linked_speaker"], lambda world: [{"slug": world.sides[0].speaker.slug}]),
    **dict.fromkeys(
        ["api_source", "api_annotations", "api_annotation_page"], lambda world: [{"ref": world.copy.source.ref}]
    ),
    "api_correction": lambda world: [{"ref": ref} for ref in Correction.objects.values_list("ref", flat=True)],
    "desk_queue_list": lambda world: [{"slug": queue.slug} for queue in queues(world.people["Publisher"])],
    "desk_filter_delete": values("pk", SavedFilter),
    "admin:app_list": lambda _: [{"app_label": app} for app in ("auth", "claims", "sources")],
    "admin:claims_statement_proposals": lambda world: [{"pk": world.copy.pk}],
}
KEYS = {"pk", "object_id", "id", "key"}


def values_of(route: Route, world: World) -> Iterator[dict[str, Any]]:
    """The values of a route's parameters: in a room each planted record, else one of its rows.

    Raises KeyError for a parameter that nobody has given a meaning.
    """
    if route.room is None or route.name in MEANING:
        yield from MEANING[route.name](world)
        return
    key, *rest = route.parameters
    if key not in KEYS or rest not in ([], ["step"]):
        raise KeyError(f"Say in MEANING what the parameters of {route.name} are.")
    model = route.room.model
    for place, pk in enumerate([record.pk for record in world.of(model)] or [model._base_manager.first().pk]):
        # Every room takes its steps in the same way; what differs by standing is who may look.
        steps = STEPS if not place or (model is Statement and place in {3, 5}) else ["publish"]
        yield from ({key: pk, "step": step} for step in steps) if rest else [{key: pk}]


def asked_by_forms() -> dict[Any, str]:
    """Model → what a form sends with a search for one of its records."""
    found = {}
    for model, room in site._registry.items():
        for holder in (model, room), *((inline.model, inline) for inline in room.inlines):
            for name in holder[1].autocomplete_fields:
                names = f"app_label={holder[0]._meta.app_label}&model_name={holder[0]._meta.model_name}"
                found[holder[0]._meta.get_field(name).related_model] = f"{names}&field_name={name}&term=talks"
    return found


def addresses_of(route: Route, world: World) -> Iterator[str]:
    """Every address of a route; of a list also the search for a word that stands in every planted record."""
    if route.name == "admin:":
        # Django's own two that have no name: from a record's address to its form, and what is not there.
        yield f"/admin/{route.room.opts.label_lower.replace('.', '/')}/1/" if route.room else "/admin/nothing/"
    elif route.parameters:
        for some in values_of(route, world):
            yield reverse(route.name, kwargs=some)
    elif route.name == "admin:autocomplete":
        yield from (f"{reverse(route.name)}?{asked}" for asked in asked_by_forms().values())
    elif route.page == "options":
        asked = asked_by_forms().get(route.room.model, "")
        yield f"{reverse(route.name)}?{asked}"
    elif route.page == "changelist" and route.room.search_fields:
        yield f"{reverse(route.name)}?q=talks&_facets=True"
    else:
        yield reverse(route.name)


def readers_further(route: Route, address: str) -> list[str]:
    """Other ways for a reader to ask for a page: as it was, or with a search."""
    if route.name in {"topic_detail", "contradiction_detail", "statement_detail"}:
        return [f"{address}?as_of={timezone.now():%Y-%m-%d}"]
    return [f"{address}?q=talks"] if route.name.endswith("_list") and not route.parameters else []


@pytest.fixture(autouse=True)
def unlogged(caplog: pytest.LogCaptureFixture) -> None:
    """A line for each of two thousand refusals costs a tenth of the time."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


def written() -> int:
    """How many rows this transaction has written so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


def browser(name: str, world: World) -> Client:
    client = Client()
    if name != READER:
        client.force_login(world.people[name])
    return client


def ask(name: str, world: World, asked: Callable[[Route], bool] = lambda _: True) -> list[Answer]:
    """What this role is answered at every address. Fails where asking writes a row."""
    client = browser(name, world)
    answers = []
    for route in filter(asked, routes()):
        before = written()
        for address in addresses_of(route, world):
            further = readers_further(route, address) if name == READER else []
            for each in (address, *further):
                answer = client.get(each)
                of = next((one for one in world.planted if any(mark in each for mark in one.marks[1:])), None)
                text = answer.getvalue().decode(errors="replace")
                answers.append(Answer(route, of, each, answer.status_code, getattr(answer, "url", ""), text))
        assert written() == before, f"asking for {route.name} wrote something"
    return answers


class TestTruthTable:
    """One world for all roles, which only ask."""

    @pytest.mark.parametrize("name", ROLES)
    def test_everything_is_answered_as_the_role_may_read(self, world: World, name: str) -> None:
        answers = ask(name, world)
        assert [(a.address, a.status, right) for a in answers if (right := status_of(a, name)) != a.status] == []
        astray = [
            (planted.standing, mark, answer.address)
            for answer in answers
            for planted in world.planted
            if not (name in planted.readers if answer.route.is_desk else planted.standing == "published")
            for mark in planted.marks_in(answer.text, answer.address)
        ]
        assert astray == []
        own = [answer for answer in answers if answer.of and answer.status == 200 and answer.route.page in TELLS]
        assert [answer.address for answer in own if answer.of.marks[0] not in answer.text] == []
        unlisted = [
            (planted.marks[0], answer.address)
            for planted in world.planted
            for answer in answers
            if is_list_of(answer, planted, name) and not planted.marks_in(answer.text, answer.address)
        ]
        assert unlisted == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (READER, ["published", "withdrawn"]),
        ("Contributor", ["published", "withdrawn", "held", "own"]),
    ],
)
def test_what_is_hidden_changes_no_list_count_or_facet(name: str, shown: list[str]) -> None:
    """Every list, queue, choice and search is as if nobody had written what this role may not read."""

    def asked(route: Route) -> bool:
        is_list = route.name == "desk_queue_list" or (not route.parameters and route.page != "add")
        return is_list and route.is_desk != (name == READER)

    world = begun()
    for standing in shown:
        plant(world, standing)
    before = {answer.address: plain(answer) for answer in ask(name, world, asked)}
    for standing in READERS.keys() - set(shown):
        plant(world, standing)
    after = {answer.address: plain(answer) for answer in ask(name, world, asked)}
    assert [address for address in before if before[address] != after[address]] == []
    assert sum("zqsaid" in text for text in before.values()) > 1


def plain(answer: Answer) -> str:
    """What was answered, without what is new in each answer."""
    new = r'name="csrfmiddlewaretoken" value="\w+"|<updated>[^<]+'
    return re.sub(new, "", f"{answer.status} {answer.leads} {answer.text}")


def is_list_of(answer: Answer, planted: Planted, name: str) -> bool:
    """Whether this role's answer is a list, or a form's search, in which this record must stand."""
    if planted.standing == "private":
        return False
    model = type(planted.record)
    if not answer.route.is_desk:
        return planted.standing == "published" and answer.route.name in LISTS.get(model, ())
    if name not in planted.readers or answer.route.room is None:
        return False
    searched = answer.route.page == "options" and model in asked_by_forms()
    return (answer.route.page == "changelist" or searched) and answer.route.room.model is model


def status_of(answer: Answer, name: str) -> int:
    """The status that an address must have for this role; the one it has where nothing is said of it."""
    route, of, room = answer.route, answer.of, answer.route.room
    if not route.is_desk:
        public = {"published": 200, "withdrawn": 404 if route.name == "report_form" else 410}
        return public.get(of.standing, 404) if of else answer.status
    if name == READER:
        return {"admin:login": 200, "admin:two_factor_picture": 404}.get(route.name, 302)
    if room is None or route.name == "admin:":
        return answer.status
    if route.page in {"decide", "proposals"}:
        return 405
    if (name == "Administrator") != (room.opts.app_label == "auth"):
        return 403
    if of is None:
        adds = ADDS.get(room.model) if route.page == "add" else None
        return answer.status if adds is None else 200 if name in adds else 403
    return status_of_own(answer, of, name)


def status_of_own(answer: Answer, of: Planted, name: str) -> int:
    """Of a page of one record, for somebody at the desk."""
    reads = name in of.readers
    match answer.route.page:
        case "history":
            return 200 if name in READ_ALL or name == AUTHOR.get(of.standing) else 403
        case "delete":
            return 200 if name == "Publisher" and of.standing not in EVER_PUBLIC and type(of.record) in ADDS else 403
        case "step":
            may = name in RIGHTS[answer.address.split("/")[-2]]
        case "address":
            may = name in DECIDE and of.standing != "withdrawn"
        case _:
            may = True
    if not reads:
        return {"change": 403 if isinstance(of.record, Report) else 302}.get(answer.route.page, 404)
    return 200 if may else 403
