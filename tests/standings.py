"""Everybody who may ask, and a record of each kind in each standing, each with a word that stands for it alone."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from claims.models import Contradiction, Question, Statement, Topic
from sources.acting import acting
from sources.choices import Tier
from sources.models import Capture
from tests.factories import (
    AnchorFactory,
    CaptureFactory,
    ContradictionFactory,
    CorrectionFactory,
    OccasionFactory,
    PositionFactory,
    QuestionFactory,
    ReportFactory,
    SavedFilterFactory,
    SideFactory,
    StatementFactory,
    TopicFactory,
    role,
)

READER = "reader"
ROLES = (READER, "Contributor", "Editor", "Publisher", "Importer", "Auditor", "Administrator")
DECIDE = {"Editor", "Publisher"}
READ_ALL = {*DECIDE, "Auditor"}
AT_DESK = {*READ_ALL, "Contributor", "Importer"}
# Who may read a record in this standing at the desk. What is ever public comes first.
READERS = {
    "published": AT_DESK,
    "withdrawn": AT_DESK,
    "held": AT_DESK,
    "own": {*READ_ALL, "Contributor"},
    "imported": {*READ_ALL, "Importer"},
    "draft": READ_ALL,
    "reviewed": READ_ALL,
}
STATUS = {"held": "published", "own": "draft", "imported": "draft", "reviewed": "in_review"}
AUTHOR = {"own": "Contributor", "imported": "Importer", "draft": "Editor", "reviewed": "Editor"}
EVER_PUBLIC = {"published", "withdrawn", "held"}
HELD = {"held_since": timezone.now(), "held_reason": "A reason of the check."}


@dataclass(frozen=True)
class Planted:
    """A record, what stands for it alone (a word first), and who may read that at the desk."""

    record: Any
    standing: str
    marks: tuple[str, ...]
    readers: set[str]

    def marks_in(self, text: str, address: str) -> list[str]:
        """Its marks in an answer, but for those that were in the question."""
        return [mark for mark in self.marks if mark in text and mark not in address]


@dataclass
class World:
    """Who asks, what there is to be asked for, and what all of it stands on."""

    people: dict[str, User]
    copy: Capture
    sides: list[Statement]
    subjects: list[Statement]
    questions: dict[str, Question]
    planted: list[Planted] = field(default_factory=list)

    def plant(self, record: Any, standing: str, word: str) -> None:
        """With its word, its form and, where it has one, its page as marks."""
        form = reverse(f"admin:claims_{record._meta.model_name}_change", args=[record.pk]).removesuffix("change/")
        page = [record.get_absolute_url()] if isinstance(record, (Statement, Contradiction, Topic)) else []
        page += [mark for address in page for mark in (f"/api/v1{address[:-1]}", f"{address[:-1]}.jsonld")]
        self.planted.append(Planted(record, standing, (word, form, *page), READERS[standing]))

    def plant_word(self, record: Any, word: str, readers: set[str]) -> None:
        """What some may read of a record and others not; readers never."""
        self.planted.append(Planted(record, "private", (word,), readers))

    def of(self, model: Any) -> list[Any]:
        """The planted records of a model, each once."""
        return list(dict.fromkeys(each.record for each in self.planted if isinstance(each.record, model)))


def printed(word: str) -> str:
    """A word as the kept copy has it, which everybody at the desk may read: hyphenated, so no mark of its record."""
    return f"{word[:3]}\u00ad{word[3:]}"


def begun() -> World:
    """Everybody, and what is public or shared to begin with."""
    people = {name: User.objects.create(username=f"the-{name.lower()}", is_staff=True) for name in ROLES[1:]}
    for name, person in people.items():
        person.groups.add(role(name))
    topic = TopicFactory(title="Talks")
    sides = [StatementFactory(status="published", topics=[topic]) for _ in range(2)]
    subjects = [StatementFactory(status="published") for _ in range(2)]
    questions = {name: QuestionFactory(topic=topic, text=f"Were the talks {name}?") for name in READERS}
    for question in questions.values():
        for each in sides:
            PositionFactory(statement=each, question=question, words="")
    OccasionFactory()
    SideFactory()
    said = " ".join(f"She said the {printed(f'zqsaid{name}')} talks were halted." for name in READERS)
    return World(people, CaptureFactory(text=said), sides, subjects, questions)


def plant(world: World, standing: str) -> None:
    """A statement, a pair and a topic in this standing, joined to what is public wherever they can be."""
    first, second = world.sides
    held = HELD if standing == "held" else {}
    question, status = world.questions[standing], {"status": STATUS.get(standing, standing)}
    word = f"zqsaid{standing}"
    with acting(by=world.people.get(AUTHOR.get(standing, ""))):
        with transaction.atomic():
            statement = StatementFactory(
                content=f"the {word} talks were halted",
                capture=world.copy,
                speaker=first.speaker,
                anchored=False,
                topics=[question.topic],
                same_words_as=first,
                note="A zqnote for editors." if standing == "published" else "",
                **status,
                **held,
            )
            exact = f"the {printed(word)} talks were halted"
            AnchorFactory(statement=statement, part="content", exact=exact, tier=Tier.TYPOGRAPHY)
        statement.in_reply_to.add(second)
        PositionFactory(statement=statement, question=question, words="", gist=f"Talks, {word}.")
        world.plant(statement, standing, word)
        if standing != "imported":  # An import that brings a statement brings the rest in the same way.
            plant_above(world, standing, question, {**status, **held})
    plant_around(world, standing, statement)


def plant_above(world: World, standing: str, question: Question, values: dict[str, Any]) -> None:
    """A pair of public sides and a topic in this standing; a question of a public and of a hidden topic."""
    sides = {"first": world.sides[0], "second": world.sides[1], "question": question, "positions": False}
    pair = ContradictionFactory(**sides, explanation=f"These talks zqpair{standing} part.", **values)
    world.plant(pair, standing, f"zqpair{standing}")
    if standing in {"held", "own"}:  # Nobody holds a topic back, and no contributor makes one.
        return
    word = f"zqtopic{standing}"
    topic = TopicFactory(title=f"Talks of {word}", slug=word, **values)
    world.plant(topic, standing, word)
    asked = QuestionFactory(topic=topic, text=f"Did the {word} talks end?")
    if standing in {"published", "draft"}:
        world.plant(asked, standing, word)


def plant_around(world: World, standing: str, statement: Statement) -> None:
    """What is said about records: a note for editors, proposals, a reader's report and address, a saved filter."""
    if standing == "published":
        world.plant_word(statement, "zqnote ", AT_DESK)
    if standing in {"own", "draft"}:
        subject = world.subjects[standing == "own"]
        reason = f"zqproposal{standing}"
        proposal = CorrectionFactory(statement=subject, reason=reason, proposed_by=world.people[AUTHOR[standing]])
        world.plant(proposal, standing, reason)
    if standing == "draft":
        report = ReportFactory(statement=world.sides[0], message="A zqmessage of talks.", email="zqmail@example.org")
        world.plant(report, standing, "zqmessage")
        world.plant_word(report, "zqmail", DECIDE)
        saved = SavedFilterFactory(user=world.people["Editor"], name="The zqfilter")
        world.plant_word(saved, "zqfilter", {"Editor"})
