"""A failed check and a retracted source take what rests on them from readers, until an editor decides."""

import pytest
from django.core.exceptions import ValidationError

from claims import services
from claims.choices import AnchorPart, Status
from claims.models import Contradiction, Statement
from sources.choices import SourceState, Tier
from sources.models import Source
from tests.factories import AnchorFactory, StatementFactory, published_pair

pytestmark = pytest.mark.django_db


def kept_back(*records: Statement | Contradiction) -> list[bool]:
    return [type(r).objects.published().filter(pk=r.pk).exists() is False for r in records]


def pair_on_quotation() -> Contradiction:
    pair = published_pair()
    assert kept_back(pair, pair.first, pair.second) == [False, False, False]
    return pair


def test_words_no_longer_found_hold_the_statement_and_its_pair():
    pair = pair_on_quotation()
    anchor = pair.first.anchors.get(part=AnchorPart.CONTENT)
    pair.first.anchors.filter(pk=anchor.pk).update(tier=Tier.CHANGED)
    assert kept_back(pair, pair.first, pair.second) == [True, True, False]
    pair.refresh_from_db()
    assert pair.held_reason == f"A check no longer finds these words in the captured text: “{anchor.exact}”"


def test_a_lost_cue_holds_nothing():
    statement = StatementFactory(status=Status.PUBLISHED)
    AnchorFactory(statement=statement, part=AnchorPart.CUE)
    statement.anchors.filter(part=AnchorPart.CUE).update(tier=Tier.CHANGED)
    assert Statement.objects.get().held_since is None


def test_a_retracted_source_holds_what_rests_on_it():
    pair = pair_on_quotation()
    Source.objects.filter(pk=pair.first.capture.source_id).update(state=SourceState.RETRACTED)
    pair.refresh_from_db()
    assert kept_back(pair, pair.first) == [True, True]
    assert pair.held_reason == "The source was retracted by its publisher."


@pytest.mark.parametrize("state", [SourceState.CHANGED, SourceState.GONE])
def test_a_changed_or_gone_source_only_marks(state):
    pair = pair_on_quotation()
    Source.objects.filter(pk=pair.first.capture.source_id).update(state=state)
    assert kept_back(pair, pair.first, pair.second) == [False, False, False]


def test_a_draft_is_not_held():
    statement = StatementFactory()
    Source.objects.filter(pk=statement.capture.source_id).update(state=SourceState.RETRACTED)
    assert Statement.objects.get().held_since is None


def test_a_publisher_releases_the_statement_and_then_the_pair(publisher):
    pair = pair_on_quotation()
    Source.objects.filter(pk=pair.first.capture.source_id).update(state=SourceState.RETRACTED)
    pair.first.refresh_from_db()
    services.release(pair.first, by=publisher)
    assert kept_back(pair, pair.first) == [True, False]
    services.release(pair, by=publisher)
    assert kept_back(pair, pair.first) == [False, False]


def test_what_is_still_not_found_is_not_released(publisher):
    pair = pair_on_quotation()
    pair.first.anchors.filter(part=AnchorPart.CONTENT).update(tier=Tier.CHANGED, exact="Other words")
    with pytest.raises(ValidationError) as refused:
        services.release(pair.first, by=publisher)
    assert refused.value.messages == [
        "The statement's words are not found in the captured text: copy them from it exactly."
    ]
    assert kept_back(pair.first) == [True]


def test_what_is_not_held_cannot_be_released(publisher):
    statement = StatementFactory(status=Status.PUBLISHED)
    with pytest.raises(ValidationError) as refused:
        services.release(statement, by=publisher)
    assert refused.value.messages == [f"“{statement}” is not held back."]


def test_a_publisher_holds_a_statement_and_its_pairs(publisher, editor):
    pair = pair_on_quotation()
    with pytest.raises(ValidationError, match="Only a publisher holds back"):
        services.hold(pair.first, by=editor, reason="A reader doubts it.")
    services.hold(pair.first, by=publisher, reason="A reader doubts it.")
    assert kept_back(pair, pair.first, pair.second) == [True, True, False]
    with pytest.raises(ValidationError, match="is not shown to readers"):
        services.hold(pair.first, by=publisher, reason="Again.")


def test_an_editor_shows_nothing_again(editor, publisher):
    pair = pair_on_quotation()
    services.hold(pair, by=publisher, reason="A reader doubts it.")
    with pytest.raises(ValidationError, match="Only a publisher shows a record again"):
        services.release(pair, by=editor)
    assert kept_back(pair) == [True]
