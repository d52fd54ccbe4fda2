"""What readers may see, decided in one place: status × held back × status of what it rests on → seen.

Each object stands beside a hidden twin that a careless join would let through.
"""

from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from claims.choices import Status
from claims.models import Contradiction, Position, Question, Speaker, Statement, Topic
from claims.querysets import captures_on_record, sources_on_record
from tests.factories import (
    CaptureFactory,
    PositionFactory,
    QuestionFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db

HELD = {"held_since": timezone.now(), "held_reason": "The words are no longer there."}
STANDINGS = [
    pytest.param(status, held, id=f"{status}, held" if held else status)
    for status, held in product(Status.values, (False, True))
]


def standing(status: str, held: bool) -> dict[str, Any]:
    """The values of a record that stands so."""
    return {"status": status, **(HELD if held else {})}


@pytest.mark.parametrize(("status", "held"), STANDINGS)
def test_statement_and_what_rests_on_it(status, held):
    """A statement is seen when it is published and not held; so are its speaker, its source and its capture."""
    twin = StatementFactory(status=Status.DRAFT)
    seen = StatementFactory(**standing(status, held))
    public = status == Status.PUBLISHED and not held
    assert list(Statement.objects.published()) == [seen] * public
    assert list(Speaker.objects.published()) == [seen.speaker] * public
    assert list(sources_on_record()) == [seen.capture.source] * public
    assert [(copy, copy.shown_text) for copy in captures_on_record()] == [(seen.capture, seen.capture.text)] * public
    assert twin.speaker not in Speaker.objects.published()


@pytest.mark.parametrize("topic", Status.values)
def test_topic_and_its_questions(topic):
    TopicFactory(status=Status.DRAFT)
    question = QuestionFactory(topic__status=topic)
    QuestionFactory(topic__status=Status.IN_REVIEW)
    public = topic == Status.PUBLISHED
    assert list(Topic.objects.published()) == [question.topic] * public
    assert list(Question.objects.published()) == [question] * public


@pytest.mark.parametrize("topic", Status.values)
@pytest.mark.parametrize(("status", "held"), STANDINGS)
def test_position_needs_statement_and_topic(status, held, topic):
    statement = StatementFactory(**standing(status, held))
    position = PositionFactory(statement=statement, question__topic__status=topic)
    PositionFactory(question=position.question)
    public = (status, held, topic) == (Status.PUBLISHED, False, Status.PUBLISHED)
    assert list(Position.objects.published()) == [position] * public


@pytest.mark.parametrize("topic", Status.values)
@pytest.mark.parametrize(("status", "held"), STANDINGS)
def test_pair_needs_its_own_standing_and_topic(status, held, topic):
    pair = published_pair(question__topic__status=topic, **standing(status, held))
    published_pair(question=pair.question, status=Status.DRAFT)
    public = (status, held, topic) == (Status.PUBLISHED, False, Status.PUBLISHED)
    assert list(Contradiction.objects.published()) == [pair] * public


@pytest.mark.parametrize("side", ["first", "second"])
@pytest.mark.parametrize(("status", "held"), STANDINGS)
def test_pair_needs_both_statements(status, held, side):
    """Not even inside a transaction, before the database refuses it, is a pair seen without its statement."""
    public = status == Status.PUBLISHED and not held
    with transaction.atomic():
        pair = published_pair(**{side: StatementFactory(**standing(status, held))})
        assert list(Contradiction.objects.published()) == [pair] * public
        transaction.set_rollback(True)


@pytest.mark.parametrize("way", ["speaker", "further_speakers", "on_behalf_of", "relays"])
@pytest.mark.parametrize(("status", "held"), STANDINGS)
def test_speaker_is_seen_in_every_way_of_speaking(status, held, way):
    speaker, other = SpeakerFactory.create_batch(2)
    values = {way: [speaker] if way == "further_speakers" else speaker}
    if way == "relays":
        values["relay_certainty"] = "explicit"
    StatementFactory(**{"speaker": other, **values, **standing(status, held)})
    public = status == Status.PUBLISHED and not held
    assert (speaker in Speaker.objects.published()) == public


def test_speaker_of_many_statements_is_one_row():
    """A subquery, not a join: counts and pages would be wrong."""
    speaker = SpeakerFactory()
    StatementFactory.create_batch(3, speaker=speaker, status=Status.PUBLISHED)
    StatementFactory(on_behalf_of=speaker, speaker=speaker, status=Status.PUBLISHED)
    assert list(Speaker.objects.published()) == [speaker]


def test_speaker_without_statements_is_not_seen():
    """A parent, a name in a list: nothing public rests on them."""
    parent = SpeakerFactory()
    child = StatementFactory(status=Status.PUBLISHED, speaker__parent=parent).speaker
    assert list(Speaker.objects.published()) == [child]


def test_source_with_a_public_and_a_hidden_capture():
    """That there is another copy is told; its text stays hidden: it may be private."""
    public = StatementFactory(status=Status.PUBLISHED)
    hidden = CaptureFactory(source=public.capture.source, text="Another copy. The talks were halted.")
    StatementFactory(capture=hidden, content="The talks were halted")
    assert list(sources_on_record()) == [public.capture.source]
    shown = {copy: copy.shown_text for copy in captures_on_record()}
    assert shown == {public.capture: public.capture.text, hidden: ""}


@pytest.mark.parametrize("public", [Topic, Question, Statement, Position, Contradiction, Speaker])
def test_published_narrows_what_it_is_given(public):
    """`published()` chains: it never widens a queryset that was narrowed before."""
    published_pair()
    assert public.objects.published().exists()
    assert list(public.objects.none().published()) == []
    assert list(public.objects.filter(pk=0).published()) == []
