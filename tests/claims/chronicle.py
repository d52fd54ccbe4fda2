"""A small history with everything in it: drafts, a publication, a correction, hidden relations, and a draft beside it.

Words that readers may never see hold “canary”.
"""

from dataclasses import dataclass

from django.contrib.auth.models import User

from claims import corrections
from claims.models import Position, Statement
from claims.services import publish, submit
from sources.acting import acting
from tests.conftest import member
from tests.factories import (
    CaptureFactory,
    PositionFactory,
    QuestionFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
)


@dataclass(frozen=True)
class Chronicle:
    """The key of a published statement with a corrected position, and who edited and approved it."""

    key: int
    editor: User
    publisher: User

    @property
    def statement(self) -> Statement:
        return Statement.objects.get(pk=self.key)


def write_history() -> Chronicle:
    """As the services write it; sealed by nobody yet."""
    editor, publisher = member("editor", "Editor"), member("publisher", "Publisher")
    with acting(by=editor, origin="canaryorigin", reason="canaryreason"):
        topic = TopicFactory(title="Talks", status="draft")
        question = QuestionFactory(topic=topic, text="Were there talks?")
        secret = QuestionFactory(topic=TopicFactory(title="A canarytopic", status="draft"), text="Canaryquestion?")
        draft = StatementFactory(
            content="a canarydraft that nobody shows",
            capture=CaptureFactory(text="She said a canarydraft that nobody shows."),
        )
        statement = StatementFactory(
            content="there were no talks",
            role_text="a canaryfirstwording of the role",
            note="canarynote",
            capture=CaptureFactory(text="She told us in canarycontext that there were no talks at all."),
            topics=[topic, secret.topic],
        )
        statement.in_reply_to.add(draft)
        TranslationFactory(statement=statement, language="de", text="es gab keine Gespräche")
        PositionFactory(statement=statement, question=question, gist="no talks")
        PositionFactory(statement=statement, question=secret, gist="a canarygist")
        statement = Statement.objects.get(pk=statement.pk)
        statement.role_text = "spokeswoman"
        statement.save()
    for record in (topic, statement):
        record.refresh_from_db()
        submit(record, by=editor)
        publish(record, by=publisher, seen=record.version)
    with corrections.trying(statement, kind="correction", reason="She said “never”.", by=editor) as tried:
        position = Position.objects.get(statement=statement, question=question)
        position.gist = "no talks ever"
        position.save()
    proposal = corrections.keep(statement, kind="correction", reason="She said “never”.", by=editor, rows=tried.rows)
    corrections.apply(proposal, by=publisher)
    return Chronicle(statement.pk, editor, publisher)
