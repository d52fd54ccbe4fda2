"""People and records for changes that are really made, and what one such change is."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from claims import corrections, digests, services
from claims.admin.queue import queues
from claims.models import (
    Contradiction,
    Correction,
    Occasion,
    Question,
    Report,
    SavedFilter,
    Side,
    Speaker,
    Statement,
    Topic,
)
from sources.acting import acting
from sources.models import Capture, Outlet, Source
from tests.claims.admin.filling import values
from tests.conftest import member
from tests.factories import (
    CaptureFactory,
    ContradictionFactory,
    OccasionFactory,
    OutletFactory,
    QuestionFactory,
    ReportFactory,
    SavedFilterFactory,
    SideFactory,
    SourceFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    hand,
    published_pair,
    role,
)
from tests.walk import Route

WHY = {"correction_kind": "update", "correction_reason": "The source says more."}
ROLES = ("Contributor", "Editor", "Publisher", "Importer", "Auditor", "Administrator")


@dataclass(frozen=True)
class Change:
    """One POST that changes something: who is its author, and which record it changes.

    of: the record, or a function that finds it afterwards. client: where `by` is not simply signed in. origin: what the
    history calls it, where that is not the request's method and address. beside: what it writes that no event tells of,
    by its names in the ledger.
    """

    by: User | None
    path: str
    data: dict[str, Any] = field(default_factory=dict)
    of: Any = None
    client: Client | None = None
    origin: str = ""
    beside: frozenset[str] = frozenset()

    @property
    def record(self) -> tuple[str, int]:
        found = self.of() if callable(self.of) else self.of
        return found._meta.model_name, found.pk

    def browser(self) -> Client:
        """Who sends it, signed in where they have to be."""
        return self.client or signed_in(self.by)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(record: Any, page: str, *more: Any) -> str:
    """An address of a record's room: url(draft, "step", "publish")."""
    return reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_{page}", args=[record.pk, *more])


class World:
    """Made as it is asked for; `settings` are the test's own."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings
        # Whoever proposes needs somebody who may approve.
        self.editor, self.publisher = member("editor", "Editor"), member("publisher", "Publisher")

    # People.

    @cached_property
    def contributor(self) -> User:
        return member("contributor", "Contributor")

    @cached_property
    def administrator(self) -> User:
        return member("administrator", "Administrator")

    @cached_property
    def cast(self) -> list[User]:
        """Somebody of every role."""
        own = {name.lower(): getattr(self, name.lower(), None) for name in ROLES}
        return [own[name.lower()] or member(name.lower(), name) for name in ROLES]

    # Records.

    def drafted(self, factory: Any, **values: Any) -> Any:
        """What a factory makes, by the editor's hand."""
        with acting(by=self.editor):
            made = factory(**values)
        made.refresh_from_db()
        return made

    def draft(self, model: type = Statement) -> Any:
        factory = {Statement: StatementFactory, Contradiction: ContradictionFactory, Topic: TopicFactory}[model]
        if model is not Contradiction:
            return self.drafted(factory, status="draft")
        first, second = (StatementFactory(status="published") for _ in range(2))
        return self.drafted(factory, first=first, second=second, question=QuestionFactory())

    def in_review(self, model: type = Statement) -> Any:
        record = self.draft(model)
        services.submit(record, by=self.editor)
        return record

    def public(self, model: type = Statement) -> Any:
        """As the services publish it: everything in it is approved."""
        record = self.draft(model)
        services.publish(record, by=self.publisher, seen=record.version)
        return record

    def public_question(self) -> Question:
        topic = self.draft(Topic)
        question = self.drafted(QuestionFactory, topic=topic)
        topic.refresh_from_db()
        services.publish(topic, by=self.publisher, seen=topic.version)
        return question

    def held(self, model: type = Statement) -> Any:
        record = self.public(model)
        services.hold(record, by=self.publisher, reason="Doubts.")
        return record

    def proposal(self, *, by: User | None = None) -> Correction:
        return corrections.propose_withdrawal(self.public(), reason="Never said.", by=by or self.editor)

    def changed_in_public(self) -> Correction:
        """An applied change that can be taken back."""
        topic = self.public(Topic)
        with corrections.trying(topic, kind="update", reason="More is known.", by=self.editor) as tried:
            Topic.objects.filter(pk=topic.pk).update(summary="More.")
        made = corrections.keep(topic, kind="update", reason="More is known.", by=self.editor, rows=tried.rows)
        corrections.apply(made, by=self.publisher)
        return made

    def one_of(self, model: type) -> Any:
        """A record of any room, not public where that is a question."""
        if model in {Statement, Contradiction, Topic}:
            return self.draft(model)
        make = {
            Capture: CaptureFactory,
            Correction: self.proposal,
            Group: lambda: role("Editor"),
            Occasion: OccasionFactory,
            Outlet: OutletFactory,
            Question: lambda: QuestionFactory(topic=self.draft(Topic)),
            Report: ReportFactory,
            SavedFilter: lambda: SavedFilterFactory(user=self.editor),
            Side: SideFactory,
            Source: SourceFactory,
            Speaker: SpeakerFactory,
            User: lambda: hand("somebody"),
        }
        return make[model]()

    # Forms.

    def form(self, by: User, path: str, **typed: Any) -> dict[str, Any]:
        """What a browser sends of a form of the desk after these fields were typed."""
        return values(signed_in(by).get(path)) | typed

    # Addresses.

    def address_of(self, route: Route) -> str:
        """One that the pattern takes, of a record that is there. KeyError for a parameter nobody has thought of."""
        given = self._parameters(route)
        pattern = route.pattern.replace("^", "").replace("$", "")
        pattern = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(given[found[1]]), pattern)

    def _parameters(self, route: Route) -> dict[str, Any]:
        if not route.parameters:
            return {}
        if route.name == "desk_filter_delete":
            return {"pk": self.one_of(SavedFilter).pk}
        if route.room:
            key = self.proposed().pk if route.page == "proposals" else self.one_of(route.room.model).pk
            return {"step": "publish", **dict.fromkeys(("pk", "key", "id", "object_id"), key)}
        return self._others()[route.name]

    def _others(self) -> dict[str, dict[str, Any]]:
        """Parameters of the pages outside the rooms, by the name of the address."""
        from django.contrib.contenttypes.models import ContentType

        pair = published_pair()
        refs = {
            "topic": {"slug": pair.question.topic.slug},
            "contradiction": {"ref": pair.ref},
            "statement": {"ref": pair.first.ref},
            "speaker": {"slug": pair.first.speaker.slug},
            "source": {"ref": pair.first.capture.source.ref},
        }
        return {f"{name}_{page}": given for name, given in refs.items() for page in ("detail", "history")} | {
            "admin:": {"url": "nowhere"},
            "admin:app_list": {"app_label": "claims"},
            "admin:view_on_site": {
                "content_type_id": ContentType.objects.get_for_model(Topic).pk,
                "object_id": pair.question.topic_id,
            },
            "desk_queue_list": {"slug": queues(self.publisher)[0].slug},
            "capture_changes": {**refs["source"], "capture": pair.first.capture.ref},
            **{f"feed_{name}_{form}": refs[name] for name in ("topic", "speaker") for form in ("atom", "json")},
            **{f"{kind}_{name}": refs[name] for kind in ("embed", "card") for name in ("contradiction", "statement")},
            "card_topic": refs["topic"],
            "topic_timeline": refs["topic"],
            **{f"cite_{name}": {**refs[name], "form": "bib"} for name in ("contradiction", "statement", "topic")},
            "report_form": {"kind": "statements", "key": pair.first.ref},
            "report_outcome": {"ref": ReportFactory(statement=pair.first).ref},
            "alert_form": {"room": "statements"},
            "alert_confirm": {"token": "nonsense"},
            "alert_stop": {"token": "nonsense"},
            "sitemap_section": {"section": "statements"},
            "api_question": {**refs["topic"], "question": pair.question.slug},
            "api_questions": refs["topic"],
            "api_annotation": refs["statement"],
            **dict.fromkeys(["api_annotations", "api_annotation_page"], refs["source"]),
            "api_correction": {"ref": "0000000000"},
            **{f"api_{name}": given for name, given in refs.items()},
            **{f"linked_{name}": given for name, given in refs.items()},
            "mail_stop": {"token": digests.stop_address(self.publisher.pk).rstrip("/").rpartition("/")[2]},
        }

    def proposed(self) -> Capture:
        """A copy in which the rules find words of a known speaker."""
        SpeakerFactory(name="Ann Lee")
        return CaptureFactory(text="The mayor, Ann Lee, said the port is open.")
