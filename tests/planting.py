"""A small newsroom in which every text field holds a canary of its own: a published statement by an unnamed source in
the middle, with all that may stand near it, private or hidden.

It is written the way people write it: through the forms of the desk and of readers, and through services. It has to be
committed, because one transaction would be one moment of the history.
"""

import re
import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.core.signing import TimestampSigner, b62_encode
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims import corrections, reports, services
from claims.digests import choose
from claims.models import Alert, Correction, Report, ReportAttempt, Statement, Topic
from claims.renaming import rename
from config.models import Attempt
from sources.acting import acting
from sources.models import CaptureIndex
from sources.records import new_ref
from tests.canaries import COPIES, PREFIX, hidden, text_fields, word
from tests.claims.admin.filling import Desk, errors
from tests.conftest import member
from tests.factories import (
    CaptureFactory,
    ContextNoteFactory,
    ContradictionFactory,
    OccasionFactory,
    OutletFactory,
    PositionFactory,
    QuestionFactory,
    RejectionFactory,
    ReplyFactory,
    SideFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    UnnamedSpeakerFactory,
)

ROLES = ("Editor", "Publisher", "Contributor", "Importer", "Auditor", "Administrator")


@dataclass
class Newsroom:
    """The people by role, the moments after each step, and the keys of what a test looks at."""

    people: dict[str, User]
    moments: list[datetime] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)

    def desk(self, role: str) -> Desk:
        return Desk(self.browser(role))

    def browser(self, role: str) -> Client:
        client = Client()
        client.force_login(self.people[role])
        return client

    def step(self) -> None:
        self.moments.append(timezone.now())


def plant() -> Newsroom:
    room = Newsroom({role: _person(number, role) for number, role in enumerate(ROLES)})
    editor, publisher, desk = room.people["Editor"], room.people["Publisher"], room.desk("Editor")
    with acting(by=editor, origin=word("claims.Event.origin"), reason=word("claims.Event.reason")):
        topic, question = _topic()
        unnamed = _unnamed(topic, question)
        named, other, held, gone = (_named(topic, n) for n in range(4))
        pair = ContradictionFactory(
            question=question,
            first=unnamed,
            second=named,
            first_words=word("claims.Contradiction.first_words"),
            second_words=word("claims.Contradiction.second_words"),
            explanation=word("claims.Contradiction.explanation"),
        )
        held_pair = ContradictionFactory(question=question, first=named, second=other)
    changed = {"positions-0-gist": f"{word('claims.Position.gist')}2"}
    _saved(desk, unnamed, note=word("claims.Statement.note"), **changed)
    _saved(desk, pair, note=word("claims.Contradiction.note"))
    services.submit(unnamed, by=editor)
    services.send_back(unnamed, by=publisher, reason=word("claims.Event.reason"))
    for record in (topic, unnamed, named, other, held, gone, pair, held_pair):
        record.refresh_from_db()
        services.publish(record, by=publisher, seen=record.version)
    call_command("recheck", verbosity=0)
    room.step()
    _correct(room, unnamed, topic)
    room.step()
    services.hold(held, by=publisher, reason=word("claims.Statement.held_reason"))
    services.hold(held_pair, by=publisher, reason=word("claims.Contradiction.held_reason"))
    corrections.apply(corrections.propose_withdrawal(gone, reason="Never said.", by=editor), by=publisher)
    _hide(room, topic, unnamed)
    _report(room, unnamed)
    _follow()
    _accounts(room)
    room.step()
    room.keys |= {"unnamed": unnamed.pk, "named": named.pk, "pair": pair.pk, "topic": topic.pk}
    call_command("seal_history", verbosity=0)
    return room


def _person(number: int, role: str) -> User:
    """Somebody with an address, an authenticator and backup codes; all of it canaries."""
    user = member(f"{word('auth.User.username')}{number}", role)
    user.first_name, user.last_name = word("auth.User.first_name"), word("auth.User.last_name")
    user.email, user.password = f"{word('auth.User.email')}{number}@example.org", f"!{word('auth.User.password')}"
    user.save()
    TOTPDevice.objects.create(
        user=user, name=word("otp_totp.TOTPDevice.name"), key=word("otp_totp.TOTPDevice.key"), confirmed=True
    )
    device = StaticDevice.objects.create(user=user, name=word("otp_static.StaticDevice.name"))
    device.token_set.create(token=word("otp_static.StaticToken.token"))
    return user


def _topic() -> tuple[Topic, Any]:
    topic = TopicFactory(
        status="draft",
        title=word("claims.Topic.title"),
        slug=word("claims.FormerSlug.slug"),
        summary=word("claims.Topic.summary"),
    )
    question = QuestionFactory(topic=topic, text=word("claims.Question.text"), slug=word("claims.Question.slug"))
    return topic, question


def _unnamed(topic: Topic, question: Any) -> Statement:
    """What an unnamed source said, with every field filled, in a copy of which only recorded words may be shown."""
    source = SourceFactory(
        title=word("sources.Source.title"),
        byline=word("sources.Source.byline"),
        url=f"https://example.org/{word('sources.Source.url')}",
        locator=word("sources.Source.locator"),
        note=word("sources.Source.note"),
        outlet=OutletFactory(
            name=word("sources.Outlet.name"),
            slug=word("sources.Outlet.slug"),
            homepage=f"https://example.org/{word('sources.Outlet.homepage')}",
        ),
    )
    quoted = word("claims.Anchor.exact")
    said = [word(f"claims.{name}") for name in ("Statement.content", "Position.words", "Contradiction.first_words")]
    content = f"that {' and '.join(said)} and “{quoted}”"
    capture = CaptureFactory(
        source=source,
        rights="private",
        text=(
            f"{word('sources.Capture.text')} opened the report. It then went on for a while about the talks of May.\n\n"
            f"In May {word('claims.Anchor.prefix')} told {content} {word('claims.Anchor.suffix')} as well."
        ),
        extractor=word("sources.Capture.extractor"),
        extractor_version=word("sources.Capture.extractor_version"),
        archive_url=f"https://example.org/{word('sources.Capture.archive_url')}",
    )
    speaker = UnnamedSpeakerFactory(
        name=word("claims.Speaker.name"),
        slug=word("claims.Speaker.slug"),
        description=word("claims.Speaker.description"),
        side=SideFactory(name=word("claims.Side.name"), slug=word("claims.Side.slug")),
        only_in=source,
    )
    SpeakerNameFactory(speaker=speaker, text=word("claims.SpeakerName.text"))
    lines = "cue attributed_as role_text addressee_text anonymity_reason date_words date_note relay_cue rank_note"
    lines += " reply_sought_how reply_note"
    statement = StatementFactory(
        **{name: word(f"claims.Statement.{name}") for name in lines.split()},
        content=content,
        quotes=[quoted],
        capture=capture,
        speaker=speaker,
        cue_class="report",
        topics=[topic],
        occasion=OccasionFactory(name=word("claims.Occasion.name"), place=word("claims.Occasion.place")),
        relays=SpeakerFactory(name="The minister"),
        relay_certainty="unclear",
        rank="superseded",
        allegation=True,
        reply_state="sought",
        reply_sought_on=date(2024, 6, 1),
    )
    PositionFactory(
        statement=statement,
        question=question,
        stance="value",
        words=word("claims.Position.words"),
        gist=word("claims.Position.gist"),
        value=word("claims.Position.value"),
        number=40,
        unit=word("claims.Position.unit"),
    )
    TranslationFactory(statement=statement, text=word("claims.Translation.text"))
    ContextNoteFactory(
        statement=statement,
        text=word("claims.ContextNote.text"),
        url=f"https://example.org/{word('claims.ContextNote.url')}",
    )
    ReplyFactory(
        statement=statement,
        party=word("claims.Reply.party"),
        text=word("claims.Reply.text"),
        url=f"https://example.org/{word('claims.Reply.url')}",
    )
    return statement


def _named(topic: Topic, number: int) -> Statement:
    """From a copy that may be shown in short excerpts: a page away stands what readers do not get."""
    content = f"{word('claims.Contradiction.second_words')} were the talks of round {number}"
    far = "Nothing was said of that. " * 40
    capture = CaptureFactory(
        rights="short_excerpts", text=f"A spokesman said {content}.\n\n{far}\n\n{word('sources.Capture.text')}{number}"
    )
    return StatementFactory(content=content, capture=capture, topics=[topic])


def _saved(desk: Desk, record: Any, **typed: Any) -> None:
    """Saved in the form of the desk, as an editor does it."""
    answer = desk.send(f"claims/{record._meta.model_name}/{record.pk}/change/", **typed)
    assert (answer.status_code, errors(answer)) == (200, [])
    record.refresh_from_db()


def _decided(desk: Desk, correction: Correction, **typed: str) -> None:
    correction.refresh_from_db()
    seen = str(correction.subject.version)
    answer = desk.post(f"claims/correction/{correction.pk}/decide/", seen=seen, **typed)
    assert answer.status_code == 200, answer.content


def _correct(room: Newsroom, statement: Statement, topic: Topic) -> None:
    """A correction that changes a private note too, one that is undone, and a new address of the topic."""
    desk, second = room.desk("Editor"), room.desk("Publisher")
    reason = word("claims.Correction.reason")
    why = {"correction_kind": "correction", "correction_reason": reason}
    again = f"{word('claims.Statement.note')}2"
    _saved(desk, statement, addressee_text=f"{word('claims.Statement.addressee_text')}2", note=again, **why)
    _decided(second, Correction.objects.latest("pk"), decision="approve")
    _saved(desk, statement, date_words=f"{word('claims.Statement.date_words')}2", note=f"{again}2", **why)
    undone = Correction.objects.latest("pk")
    _decided(second, undone, decision="approve")
    _decided(desk, undone, decision="undo", note=reason)
    _decided(second, Correction.objects.latest("pk"), decision="approve")
    assert undone.undone_by.state == "applied"
    topic.refresh_from_db()
    moved = rename(topic, word("claims.Topic.slug"), by=room.people["Editor"], reason=reason)
    assert moved is not None
    corrections.apply(moved, by=room.people["Publisher"])


def _hide(room: Newsroom, topic: Topic, statement: Statement) -> None:
    """A draft that waits for a publisher, a change that was declined, one that waits, and a proposal turned down."""
    editor, desk = room.people["Editor"], room.desk("Editor")
    with acting(by=editor):
        secret = TopicFactory(
            status="draft",
            title=hidden("claims.Topic.title"),
            slug=hidden("claims.Topic.slug"),
            summary=hidden("claims.Topic.summary"),
        )
        question = QuestionFactory(topic=secret, text=hidden("claims.Question.text"))
        texts = "role_text attributed_as addressee_text anonymity_reason date_words date_note"
        draft = StatementFactory(
            **{name: hidden(f"claims.Statement.{name}") for name in texts.split()},
            content=f"the talks were {hidden('claims.Statement.content')}",
            note=word("claims.Statement.note"),
            topics=[topic, secret],
            speaker=SpeakerFactory(name=hidden("claims.Speaker.name"), slug=hidden("claims.Speaker.slug")),
            capture__source__title=hidden("sources.Source.title"),
            capture__source__note=word("sources.Source.note"),
        )
        PositionFactory(statement=draft, question=question, words="", gist=hidden("claims.Position.gist"))
    draft.refresh_from_db()
    services.submit(draft, by=editor)
    # What the last check of a copy found wrong with it; nothing on record rests on this one.
    CaptureIndex.objects.filter(pk=draft.capture_id).update(fault=word("sources.CaptureIndex.fault"))
    RejectionFactory(capture=draft.capture, by=editor.username)
    typed = {"correction_kind": "correction", "correction_reason": hidden("claims.Correction.reason")}
    _saved(desk, statement, role_text=hidden("claims.Statement.role_text"), **typed)
    note = word("claims.Correction.decision_note")
    _decided(room.desk("Publisher"), Correction.objects.latest("pk"), decision="decline", note=note)
    _saved(desk, statement, role_text=f"{hidden('claims.Statement.role_text')}2", **typed)


def _report(room: Newsroom, statement: Statement) -> None:
    """Three reports by the readers' form: one open, one that changed nothing and whose reader waits, one of spam."""
    kind, key = reports.kind_of(statement)
    made = []
    for number in range(3):
        earlier = _Earlier(salt=f"claims.reports:{kind}:{key}").sign(new_ref())
        answer = Client().post(
            f"/report/{kind}/{key}/",
            {
                "kind": "words",
                "message": f"{word('claims.Report.message')}{number}",
                "email": f"{word('claims.Report.email')}{number}@example.org",
                "pass_": earlier,
            },
        )
        assert answer.status_code == 302, answer.content
        made.append(Report.objects.latest("pk"))
    outcomes = ((made[1], "unchanged", word("claims.Report.outcome")), (made[2], "spam", ""))
    for report, state, outcome in outcomes:
        typed = {"seen": report.version, "state": state, "outcome": outcome}
        answer = room.desk("Editor").post(f"claims/report/{report.pk}/change/", **typed)
        report.refresh_from_db()
        assert report.state == state, answer.content
    room.keys["answered"] = made[1].pk


class _Earlier(TimestampSigner):
    """Signs as a form that was opened a minute ago."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - 60)


def _accounts(room: Newsroom) -> None:
    """Saved filters, mails that everybody at the desk wants, and the hashes that the limits keep."""
    saved = {"room": "claims.statement", "name": word("claims.SavedFilter.name")}
    query = f"q={word('claims.SavedFilter.query')}"
    room.browser("Editor").post("/admin/filters/save/", {**saved, "query": query})
    for user in room.people.values():
        choose(user, "daily")
    ReportAttempt.objects.create(subject=word("claims.ReportAttempt.subject"))
    Attempt.objects.create(subject=word("config.Attempt.subject"))


def _follow() -> None:
    """A reader's wish for mails, by the form and the link of the mail; due, with nothing new."""
    followed = f"/alerts/statements/?q={word('claims.Alert.query')}"
    assert Client().post(followed, {"email": f"{word('claims.Alert.email')}@example.org"}).status_code == 200
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)
    assert link
    assert Client().post(link[1]).status_code == 200
    Alert.objects.update(since=timezone.now() - timedelta(days=2))


def planted() -> set[str]:
    """The fields in which their own canary stands somewhere; of a copy of others, any canary."""
    found = set()
    with connection.cursor() as cursor:
        for label, field in text_fields():
            own = PREFIX if label in COPIES else word(label)
            table, column = field.model._meta.db_table, field.column
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text LIKE %s)', [f"%{own}%"])
            found |= {label} if cursor.fetchone()[0] else set()
    return found
