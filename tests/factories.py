"""Rows for tests: boring, numbered, no random text, so that a failure repeats itself.

`StatementFactory()` writes a capture that contains its words and anchors them there, so whatever a factory makes may
be published as it is. A test that wants a row the database would refuse says so by the one field it spoils.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import factory
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import transaction
from factory.django import DjangoModelFactory

from claims.choices import AnchorPart, CorrectionKind, Mode, Pattern, ReportKind, SpeakerKind, Stance, Status
from claims.models import (
    Alert,
    Anchor,
    ContextNote,
    Contradiction,
    Correction,
    Digest,
    FormerSlug,
    Occasion,
    Position,
    Question,
    Rejection,
    Reply,
    Report,
    SavedFilter,
    Side,
    Speaker,
    SpeakerName,
    Statement,
    Topic,
    Translation,
)
from sources.acting import acting
from sources.anchoring import Span, context
from sources.choices import Precision, Tier
from sources.models import Capture, Outlet, Source


class RowFactory(DjangoModelFactory):
    """A row with all that it stands on in one transaction: parts of what is written as published belong to it."""

    class Meta:
        abstract = True

    @classmethod
    @transaction.atomic
    def _generate(cls, strategy: Any, params: Any) -> Any:
        return super()._generate(strategy, params)


class OutletFactory(RowFactory):
    class Meta:
        model = Outlet

    name = factory.Sequence(lambda n: f"Outlet {n}")
    slug = factory.Sequence(lambda n: f"outlet-{n}")


class SourceFactory(RowFactory):
    class Meta:
        model = Source

    title = factory.Sequence(lambda n: f"Source {n}")
    locator = factory.Sequence(lambda n: f"Print edition, page {n}")
    outlet = factory.SubFactory(OutletFactory)


class CaptureFactory(RowFactory):
    """A whole text, kept."""

    class Meta:
        model = Capture

    source = factory.SubFactory(SourceFactory)
    text = factory.Sequence(lambda n: f"Report {n}. The minister said the talks were halted. “We go on,” he added.")
    is_excerpt = False


class ExcerptFactory(CaptureFactory):
    """Two pieces of a longer text."""

    text = "The talks were halted.\n\nNobody said why."
    is_excerpt = True
    whole_sha256 = hashlib.sha256(b"whole").hexdigest()
    excerpt_map = [{"start": 0, "end": 22, "at": 100}, {"start": 24, "end": 40, "at": 300}]


class SideFactory(RowFactory):
    class Meta:
        model = Side

    name = factory.Sequence(lambda n: f"Side {n}")
    slug = factory.Sequence(lambda n: f"side-{n}")
    order = factory.Sequence(lambda n: n)


class SpeakerFactory(RowFactory):
    """A person, on no side."""

    class Meta:
        model = Speaker

    name = factory.Sequence(lambda n: f"Speaker {n}")
    slug = factory.Sequence(lambda n: f"speaker-{n}")


class OutletSpeakerFactory(SpeakerFactory):
    """An outlet in its own voice."""

    kind = SpeakerKind.OUTLET
    outlet = factory.SubFactory(OutletFactory)


class UnnamedSpeakerFactory(SpeakerFactory):
    """Somebody whom one source does not name."""

    kind = SpeakerKind.UNNAMED
    name = "Official sources"
    only_in = factory.SubFactory(SourceFactory)


class SpeakerNameFactory(RowFactory):
    class Meta:
        model = SpeakerName

    speaker = factory.SubFactory(SpeakerFactory)
    text = factory.Sequence(lambda n: f"Other name {n}")


def hand(name: str) -> User:
    """One of the two inactive people who edited and approved what a factory publishes."""
    return User.objects.get_or_create(username=name, defaults={"is_active": False, "password": "!"})[0]


def _if_public(value: Callable[[], Any]) -> factory.LazyAttribute:
    return factory.LazyAttribute(lambda made: value() if made.status in {"published", "withdrawn"} else None)


class ReviewedFactory(RowFactory):
    """A record in any status; what is public was edited by one and approved by another, as it is."""

    class Meta:
        abstract = True

    status = Status.DRAFT
    last_edited_by = factory.LazyFunction(lambda: hand("first-reader"))
    approved_by = _if_public(lambda: hand("second-reader"))
    approved_version = _if_public(lambda: 1)


class TopicFactory(ReviewedFactory):
    """A published topic: nothing under another can be seen."""

    class Meta:
        model = Topic

    title = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")
    order = factory.Sequence(lambda n: n)
    status = Status.PUBLISHED


class QuestionFactory(RowFactory):
    class Meta:
        model = Question

    topic = factory.SubFactory(TopicFactory)
    text = factory.Sequence(lambda n: f"Question {n}?")
    slug = factory.Sequence(lambda n: f"question-{n}")
    order = factory.Sequence(lambda n: n)


class OccasionFactory(RowFactory):
    class Meta:
        model = Occasion

    name = factory.Sequence(lambda n: f"Occasion {n}")


class StatementFactory(ReviewedFactory):
    """A paraphrase, or with `quotes=["…"]` a paraphrase with quoted words; a draft unless `status` says otherwise.

    The content and each quote are anchored in the capture, which is made to contain them if none is given.
    `anchored=False` leaves the anchors to the test; `topics=[…]` and `further_speakers=[…]` are added after.
    """

    class Meta:
        model = Statement
        skip_postgeneration_save = True

    quotes = ()
    anchored = True
    content = factory.LazyAttributeSequence(
        lambda made, n: " and ".join([f"the talks of round {n} were halted", *(f"“{words}”" for words in made.quotes)])
    )
    capture = factory.SubFactory(
        CaptureFactory, text=factory.LazyAttribute(lambda capture: _report(capture.factory_parent))
    )
    speaker = factory.SubFactory(SpeakerFactory)
    mode = factory.LazyAttribute(lambda made: Mode.MIXED if made.quotes else Mode.INDIRECT)
    precision = Precision.UNKNOWN
    undated = factory.LazyAttribute(lambda made: made.precision == Precision.UNKNOWN)

    @classmethod
    def _build(cls, model_class: type[Statement], *args: Any, quotes: Any, anchored: bool, **kwargs: Any) -> Statement:
        return super()._build(model_class, *args, **kwargs)

    @classmethod
    @transaction.atomic  # The rules are asked at its end, so the anchors come before it.
    def _create(cls, model_class: type[Statement], *args: Any, quotes: Any, anchored: bool, **kwargs: Any) -> Statement:
        statement = super()._create(model_class, *args, **kwargs)
        if anchored:
            AnchorFactory(statement=statement, part=AnchorPart.CONTENT, exact=statement.content)
            for order, words in enumerate(quotes):
                AnchorFactory(statement=statement, part=AnchorPart.QUOTE, order=order, exact=words)
        return statement

    @factory.post_generation
    def topics(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.topics.set(extracted)

    @factory.post_generation
    def further_speakers(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.further_speakers.set(extracted)


def _report(statement: Any) -> str:
    """A text in which the statement's words stand, each once."""
    apart = [f" “{words}”" for words in statement.quotes if words not in statement.content]
    return f"A spokesman said {statement.content}.{''.join(apart)}"


class AnchorFactory(RowFactory):
    """The statement's words where they first stand in its capture; refuses words that do not stand there."""

    class Meta:
        model = Anchor

    statement = factory.SubFactory(StatementFactory, anchored=False)
    part = AnchorPart.CONTENT
    exact = factory.LazyAttribute(lambda anchor: anchor.statement.content)
    start = factory.LazyAttribute(lambda anchor: anchor.statement.capture.text.index(anchor.exact))
    end = factory.LazyAttribute(lambda anchor: anchor.start + len(anchor.exact))
    prefix = factory.LazyAttribute(lambda anchor: _around(anchor)[0])
    suffix = factory.LazyAttribute(lambda anchor: _around(anchor)[1])
    tier = Tier.EXACT


def _around(anchor: Any) -> tuple[str, str]:
    text = anchor.statement.capture.text
    return context(text, Span(anchor.start, anchor.end)) if 0 <= anchor.start < anchor.end <= len(text) else ("", "")


class RejectionFactory(RowFactory):
    class Meta:
        model = Rejection

    capture = factory.SubFactory(CaptureFactory)
    start = 0
    end = 5


class TranslationFactory(RowFactory):
    class Meta:
        model = Translation

    statement = factory.SubFactory(StatementFactory)
    language = "ar"
    text = "أوقفت المحادثات"


class PositionFactory(RowFactory):
    """An answer of yes, in the statement's words."""

    class Meta:
        model = Position

    statement = factory.SubFactory(StatementFactory)
    question = factory.SubFactory(QuestionFactory)
    stance = Stance.AFFIRMS
    words = factory.LazyAttribute(lambda position: position.statement.content)


class ContradictionFactory(ReviewedFactory):
    """A tension between two statements, both with a position on the question: the first yes, the second no.

    With `positions=False` no position is written. A published pair needs published statements: `published_pair()`.
    """

    class Meta:
        model = Contradiction

    positions = True
    question = factory.SubFactory(QuestionFactory)
    first = factory.SubFactory(StatementFactory)
    second = factory.SubFactory(StatementFactory)
    pattern = Pattern.DENIAL

    @classmethod
    def _build(cls, model_class: type[Contradiction], *args: Any, positions: bool, **kwargs: Any) -> Contradiction:
        return super()._build(model_class, *args, **kwargs)

    @classmethod
    @transaction.atomic
    def _create(cls, model_class: type[Contradiction], *args: Any, positions: bool, **kwargs: Any) -> Contradiction:
        if positions:
            for side, stance in (("first", Stance.AFFIRMS), ("second", Stance.DENIES)):
                Position.objects.get_or_create(
                    statement=kwargs[side], question=kwargs["question"], defaults={"stance": stance}
                )
        return super()._create(model_class, *args, **kwargs)


def published_pair(**values: Any) -> Contradiction:
    """A pair that readers see: two published statements, positions on a question of a published topic.

    Values go to ContradictionFactory: `question=…`, `first__speaker=…`, `second__quotes=["…"]`, `first=…`.
    """
    for side in ("first", "second"):
        if side not in values:
            values.setdefault(f"{side}__status", Status.PUBLISHED)
    return ContradictionFactory(**{"status": Status.PUBLISHED, **values})


def role(name: str) -> Group:
    """The group of a role; all are made anew where a test has emptied every table."""
    if not Group.objects.filter(name=name).exists():
        import_module("claims.migrations.0006_roles").make_roles(apps, None)
        import_module("claims.migrations.0010_reports").grant(apps, None)
    return Group.objects.get(name=name)


def colleague(name: str, role_name: str) -> User:
    """Somebody at work who has this role, for rows that the database takes from such people only."""
    user, new = User.objects.get_or_create(username=name)
    if new:
        user.groups.add(role(role_name))
    return user


class CorrectionFactory(RowFactory):
    """A proposal to withdraw a published statement, by an editor; nobody has decided."""

    class Meta:
        model = Correction

    statement = factory.SubFactory(StatementFactory, status=Status.PUBLISHED)
    kind = CorrectionKind.WITHDRAWAL
    reason = "The speaker never said it."
    proposed_by = factory.LazyFunction(lambda: colleague("proposer", "Editor"))

    @classmethod
    def _create(cls, model_class: type[Correction], *args: Any, **kwargs: Any) -> Correction:
        with acting(by=kwargs["proposed_by"]):
            return super()._create(model_class, *args, **kwargs)


class ContextNoteFactory(RowFactory):
    """A note beside a draft."""

    class Meta:
        model = ContextNote

    statement = factory.SubFactory(StatementFactory)
    text = factory.Sequence(lambda n: f"Round {n} was the last before the elections.")


class ReplyFactory(RowFactory):
    """An answer to a draft."""

    class Meta:
        model = Reply

    statement = factory.SubFactory(StatementFactory)
    party = "The ministry"
    text = factory.Sequence(lambda n: f"We took no part in round {n}.")
    received_on = date(2024, 6, 3)


class FormerSlugFactory(RowFactory):
    """A former address of a speaker."""

    class Meta:
        model = FormerSlug

    slug = factory.Sequence(lambda n: f"former-{n}")
    speaker = factory.SubFactory(SpeakerFactory)


class ReportFactory(RowFactory):
    """What a reader says of a published statement."""

    class Meta:
        model = Report

    statement = factory.SubFactory(StatementFactory, status=Status.PUBLISHED)
    kind = ReportKind.WORDS
    message = "The source says something else."


class SavedFilterFactory(RowFactory):
    class Meta:
        model = SavedFilter

    user = factory.LazyFunction(lambda: colleague("proposer", "Editor"))
    room = "claims.statement"
    name = factory.Sequence(lambda n: f"Filter {n}")


class AlertFactory(RowFactory):
    class Meta:
        model = Alert

    email = factory.Sequence(lambda n: f"reader-{n}@example.org")
    room = "statements"
    language = "en"


class DigestFactory(RowFactory):
    class Meta:
        model = Digest

    user = factory.Sequence(lambda n: colleague(f"proposer-{n}", "Editor"))
