"""How long pages of the past take with 10,000 statements and 100,000 events; makes them in the database it is given.

    DATABASE_URL=… SECRET_KEY=… STATEMENT_TIMEOUT=0 .venv/bin/python manage.py shell --no-imports \
        --command 'import runpy; runpy.run_path("tests/measure_as_of.py", run_name="__main__")'

Half of the statements are there at the moment that is asked for. Since then every one of them was held back and shown
again and checked anew, every speaker was renamed, and the other half was written. Use a database of its own.
"""

import statistics
import time
from datetime import datetime, timedelta

from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone

from claims.models import Anchor, Contradiction, Event, Position, Question, Speaker, Statement, Topic
from sources.acting import acting
from sources.models import Capture, Outlet, Source

STATEMENTS, TOPICS, QUESTIONS, SPEAKERS, ROUNDS = 10_000, 40, 10, 200, 15
WORDS = "the talks of round {} were halted"


def people() -> tuple[User, User]:
    made = []
    for name, role in (("bench-editor", "Editor"), ("bench-publisher", "Publisher")):
        user = User.objects.create_user(name)
        user.groups.add(Group.objects.get(name=role))
        made.append(user)
    return made[0], made[1]


def publish(rows: list, by: User) -> None:
    keys = [row.pk for row in rows]
    with acting(by=by):
        type(rows[0]).objects.filter(pk__in=keys).update(
            status="published", approved_by=by, approved_version=F("version")
        )


def write(numbers: range, questions: list[Question], speakers: list[Speaker], editor: User, publisher: User) -> None:
    """Statements in drafts, then their parts, then pairs; published as a newsroom would."""
    outlet, _ = Outlet.objects.get_or_create(name="Bench", slug="bench")
    sources = Source.objects.bulk_create(
        [Source(title=f"Source {n}", outlet=outlet, locator=f"Page {n}") for n in numbers[:: len(numbers) // 500]]
    )
    text = " ".join(WORDS.format(n) for n in numbers[:20])
    captures = Capture.objects.bulk_create([Capture(source=s, text=f"{text} {s.title}.") for s in sources])
    with acting(by=editor):
        statements = Statement.objects.bulk_create(
            [
                Statement(
                    capture=captures[n % len(captures)],
                    speaker=speakers[n % len(speakers)],
                    content=WORDS.format(numbers[n % 20]),
                    mode="indirect",
                    undated=True,
                    precision="unknown",
                )
                for n in numbers
            ]
        )
    for row, n in zip(statements, numbers, strict=True):
        row.question = questions[n % len(questions)]
    with acting(by=editor):
        anchors = []
        for row in statements:
            at = row.capture.text.index(row.content)
            anchors.append(
                Anchor(statement=row, part="content", start=at, end=at + len(row.content), exact=row.content)
            )
        for anchor in anchors:
            anchor.tier = "exact"
            anchor.suffix = anchor.statement.capture.text[anchor.end : anchor.end + 32]
            anchor.prefix = anchor.statement.capture.text[max(0, anchor.start - 32) : anchor.start]
        Anchor.objects.bulk_create(anchors)
        Position.objects.bulk_create(
            [
                Position(statement=row, question=row.question, stance="affirms" if row.pk % 2 else "denies")
                for row in statements
            ]
        )
        link = Statement.topics.through
        link.objects.bulk_create([link(statement=row, topic_id=row.question.topic_id) for row in statements])
    publish(statements, publisher)
    by_question: dict[int, list[Statement]] = {}
    for row in statements:
        by_question.setdefault(row.question.pk, []).append(row)
    with acting(by=editor):
        pairs = Contradiction.objects.bulk_create(
            [
                Contradiction(
                    question=one.question,
                    first=one,
                    second=other,
                    finding="in_tension",
                    pattern="framing",
                    explanation="So.",
                )
                for rows in by_question.values()
                for one, other in zip(rows[::4], rows[1::4], strict=False)
            ]
        )
    publish(pairs, publisher)


def make() -> datetime:
    editor, publisher = people()
    with acting(by=editor):
        topics = Topic.objects.bulk_create([Topic(title=f"Topic {n}", slug=f"bench-{n}") for n in range(TOPICS)])
        questions = Question.objects.bulk_create(
            [
                Question(topic=topics[n % TOPICS], text=f"Question {n}?", slug=f"question-{n}", order=n)
                for n in range(TOPICS * QUESTIONS)
            ]
        )
        speakers = Speaker.objects.bulk_create(
            [Speaker(name=f"Speaker {n}", slug=f"bench-speaker-{n}") for n in range(SPEAKERS)]
        )
    publish(topics, publisher)
    half = STATEMENTS // 2
    write(range(half), questions, speakers, editor, publisher)
    moment = timezone.now()
    old = Statement.objects.filter(capture__source__outlet__slug="bench")
    for values in ({"held_since": timezone.now(), "held_reason": "Checked."}, {"held_since": None, "held_reason": ""}):
        with acting(by=publisher):
            old.update(**values)
            Contradiction.objects.update(**values)
    for _ in range(2):
        with acting(by=editor):
            Anchor.objects.update(checked_at=timezone.now())
            Speaker.objects.update(name=Concat("name", Value("I")))
    write(range(half, STATEMENTS), questions, speakers, editor, publisher)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return moment


def timed(reader: Client, address: str, **asked: str) -> None:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = reader.get(address, asked)
        answer.getvalue()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    print(f"{answer.status_code} {address} {asked}: median {statistics.median(taken):.0f} ms, worst {taken[-1]:.0f} ms")


def main() -> None:
    if not User.objects.filter(username="bench-editor").exists():
        make()
    publishing = Event.objects.filter(row_table="claims_contradiction", action="update").order_by("pk")
    moment = publishing.first().at + timedelta(milliseconds=1)
    since = Event.objects.filter(at__gt=moment).count()
    print(f"{Statement.objects.count()} statements, {Event.objects.count()} events, {since} of them since the moment")
    reader = Client(SERVER_NAME="localhost")
    topic = Topic.objects.get(slug="bench-7")
    pair = Contradiction.objects.filter(question__topic=topic).order_by("pk").first()
    for asked in ({}, {"as_of": moment.isoformat()}, {"as_of": timezone.now().isoformat()}):
        for record in (pair.first, pair, topic):
            timed(reader, record.get_absolute_url(), **asked)


if __name__ == "__main__":
    main()
