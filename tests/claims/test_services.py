"""Publish, submit, send back, withdraw, and finding a statement's words in its capture."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.anchors import Ambiguous, Passage, Place, anchor_part, find_passage
from claims.choices import AnchorPart, Mode, Status
from claims.models import Anchor, Contradiction, Statement, Topic
from claims.rules import RULES
from claims.services import missing, publish, send_back, submit, withdraw
from sources.anchoring import Span
from sources.choices import Tier
from sources.refusals import check_now, enforced
from tests.factories import (
    AnchorFactory,
    CaptureFactory,
    ContradictionFactory,
    StatementFactory,
    TopicFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db

DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = Status.values

# step → from which status it leads where; from every other it is refused.
LEADS = {
    publish: {DRAFT: PUBLISHED, IN_REVIEW: PUBLISHED},
    submit: {DRAFT: IN_REVIEW},
    send_back: {IN_REVIEW: DRAFT},
    withdraw: {PUBLISHED: WITHDRAWN},
}
REFUSALS = {
    publish: "this step starts from draft or in review.",
    submit: "this step starts from draft.",
    send_back: "this step starts from in review.",
    withdraw: "this step starts from published.",
}


def statement(status: str) -> Statement:
    return StatementFactory(status=status)


def pair(status: str) -> Contradiction:
    return published_pair(status=status)


def topic(status: str) -> Topic:
    return TopicFactory(status=status)


@pytest.mark.parametrize("make", [statement, pair, topic])
@pytest.mark.parametrize("step", LEADS)
@pytest.mark.parametrize("status", Status.values)
def test_step_leads_where_the_table_says(make, step, status, editor):
    """Every step from every status, for each kind of record; who did it is logged, a refusal is not."""
    record = make(status)
    expected = LEADS[step].get(status)
    if expected:
        step(record, by=editor)
    else:
        with pytest.raises(ValidationError) as refused:
            step(record, by=editor)
        status_words = Status(status).label.lower()
        assert refused.value.messages == [f"“{record}” is {status_words}: {REFUSALS[step]}"]
        assert refused.value.code == "wrong_status"
    assert type(record).objects.get(pk=record.pk).status == record.status == (expected or status)
    logged = LogEntry.objects.values_list("user", "object_id")
    assert list(logged) == ([(editor.pk, str(record.pk))] if expected else [])


def test_log_says_what_was_done(editor):
    record = statement(DRAFT)
    submit(record, by=editor)
    publish(record, by=editor)
    entries = LogEntry.objects.order_by("pk")
    assert [entry.get_change_message() for entry in entries] == ["Submit: now in review.", "Publish: now published."]


def test_step_reads_the_status_anew(editor):
    """Two editors with the same page open: the second is told, not heard."""
    record = statement(DRAFT)
    stale = Statement.objects.get(pk=record.pk)
    publish(record, by=editor)
    with pytest.raises(ValidationError, match="is published"):
        submit(stale, by=editor)


def test_step_writes_the_status_only(editor):
    """What an editor has typed and not saved is not published by the way."""
    record = statement(DRAFT)
    record.note = "Not saved."
    publish(record, by=editor)
    assert (record.note, record.version) == ("", 2)


NO_CONTENT = "The statement's words are not found in the captured text: copy them from it exactly."
NO_QUOTE = "A quotation needs its quoted words: give them as they stand in the captured text."


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: StatementFactory(anchored=False), lambda _: [NO_CONTENT]),
        (lambda: StatementFactory(mode=Mode.DIRECT), lambda _: [NO_QUOTE]),
        (lambda: StatementFactory(anchored=False, mode=Mode.MIXED), lambda _: [NO_CONTENT, NO_QUOTE]),
        (
            lambda: unfound_quote(),
            lambda _: [
                "The quoted words “no” are not found in the statement's words: copy them exactly or take them out."
            ],
        ),
        (
            lambda: ContradictionFactory(first__status=PUBLISHED, second__status=IN_REVIEW),
            lambda pair: [f"The second account is not published yet (in review): “{pair.second}”."],
        ),
        (
            ContradictionFactory,
            lambda pair: [
                f"The first account is not published yet (draft): “{pair.first}”.",
                f"The second account is not published yet (draft): “{pair.second}”.",
            ],
        ),
    ],
    ids=["no content", "no quote", "neither", "quote not found", "one account", "both accounts"],
)
def test_publishing_says_all_that_is_missing(make, expected, editor):
    """All at once, as an editor who mends one thing at a time gives up; nothing of the attempt is kept."""
    record = make()
    with pytest.raises(ValidationError) as refused:
        publish(record, by=editor)
    assert refused.value.messages == missing(record) == expected(record)
    record.refresh_from_db()
    assert (record.status, record.version, LogEntry.objects.count()) == (DRAFT, 1, 0)


@pytest.mark.parametrize("make", [statement, pair, topic])
def test_nothing_is_missing_of_what_may_be_published(make):
    assert missing(make(DRAFT)) == []


def unfound_quote() -> Statement:
    made = StatementFactory(quotes=["never"])
    AnchorFactory(statement=made, part=AnchorPart.QUOTE, order=1, exact="no", start=0, end=2, tier=Tier.NOT_FOUND)
    return made


def test_publishing_asks_the_model_too(editor):
    """What `missing()` does not know the model or the database still refuses."""
    made = ContradictionFactory(first__status=PUBLISHED, second__status=PUBLISHED)
    made.second.positions.all().delete()
    with pytest.raises(ValidationError) as refused:
        publish(made, by=editor)
    assert refused.value.message_dict == {"question": [RULES["contradiction_both_hold_positions"][1]]}
    made.delete()


def test_withdrawing_a_statement_withdraws_its_pairs(editor):
    """A pair of which one account is gone is no pair; drafts and other statements' pairs stay as they are."""
    account = StatementFactory(status=PUBLISHED)
    as_first, as_second = published_pair(first=account), published_pair(second=account)
    draft, other = ContradictionFactory(first=account), published_pair()
    withdraw(account, by=editor)
    assert dict(Contradiction.objects.values_list("pk", "status")) == {
        as_first.pk: WITHDRAWN,
        as_second.pk: WITHDRAWN,
        draft.pk: DRAFT,
        other.pk: PUBLISHED,
    }
    assert set(Statement.objects.filter(status=WITHDRAWN)) == {account}
    assert LogEntry.objects.count() == 3


def test_withdrawing_a_pair_leaves_its_statements(editor):
    made = published_pair()
    withdraw(made, by=editor)
    assert set(Statement.objects.values_list("status", flat=True)) == {PUBLISHED}


def test_refused_withdrawal_withdraws_no_pair(editor):
    """All or nothing: a step refused in the end undoes what went before it."""
    made = published_pair()

    def withdraw_and_fail() -> None:
        with enforced():
            withdraw(made.first, by=editor)
            raise ValidationError("Something else is wrong.")

    with pytest.raises(ValidationError, match="Something else"):
        withdraw_and_fail()
    made.refresh_from_db()
    assert (made.status, made.first.status) == (PUBLISHED, PUBLISHED)


def test_held_statement_is_withdrawn_like_another(editor):
    held = StatementFactory(status=PUBLISHED, held_since=timezone.now(), held_reason="The words have changed.")
    withdraw(held, by=editor)
    assert held.status == WITHDRAWN


# Words in a capture.

TEXT = "He said the talks go on. She said the talks go on too, “never” and never."


@pytest.fixture
def draft() -> Statement:
    return StatementFactory(
        anchored=False, capture=CaptureFactory(text=TEXT), content="She said the talks go on too", mode=Mode.DIRECT
    )


def anchors(made: Statement) -> list[tuple[str, int, int, int, str, str]]:
    found = made.anchors.order_by("part", "order")
    return [(anchor.part, anchor.order, anchor.start, anchor.end, anchor.exact, anchor.tier) for anchor in found]


def test_words_are_anchored_with_their_context(draft):
    anchor_part(draft, AnchorPart.CONTENT, [Passage("She said the talks go on too")])
    anchor = draft.anchors.get()
    assert (anchor.start, anchor.end, anchor.tier) == (25, 53, Tier.EXACT)
    assert (anchor.prefix, anchor.suffix) == ("He said the talks go on. ", ", “never” and never.")
    assert anchor.checker == "rashomon 1"
    assert anchor.checked_at is not None


def test_words_that_stand_twice_are_a_choice(draft):
    with pytest.raises(Ambiguous) as refused:
        anchor_part(draft, AnchorPart.QUOTE, [Passage("the talks")])
    assert refused.value.messages == ["“the talks” stands 2 times in the captured text; choose which place is meant."]
    assert [place.span for place in refused.value.places] == [Span(8, 17), Span(34, 43)]
    assert not draft.anchors.exists()


@pytest.mark.parametrize("at", [8, 34])
def test_choice_among_places_is_heard(draft, at):
    anchor_part(draft, AnchorPart.QUOTE, [Passage("the talks", at=at)])
    assert anchors(draft) == [("quote", 0, at, at + 9, "the talks", "exact")]


def test_choice_that_is_no_place_of_the_words_asks_again(draft):
    with pytest.raises(Ambiguous):
        find_passage(TEXT, Passage("the talks", at=9))
    assert find_passage(TEXT, Passage("She said", at=9)) == Place("exact", (Span(25, 33),))


def test_place_may_be_given_by_the_content_around(draft):
    """A quotation that stands in the content is looked for there."""
    anchor_part(draft, AnchorPart.QUOTE, [Passage("the talks")], within=Place("exact", (Span(25, 53),)))
    assert anchors(draft) == [("quote", 0, 34, 43, "the talks", "exact")]


def test_words_that_are_not_there_are_kept_unfound(draft):
    """A draft loses nothing; such a quotation cannot be published."""
    anchor_part(draft, AnchorPart.QUOTE, [Passage("nowhere"), Passage("x" * 500)])
    assert anchors(draft) == [
        ("quote", 0, 0, 7, "nowhere", "not_found"),
        ("quote", 1, 0, len(TEXT), "x" * 500, "not_found"),
    ]
    check_now()


def test_anchoring_again_writes_nothing(draft):
    """A form saved unchanged leaves versions and the time of the check alone."""
    passages = [Passage("the talks", at=8), Passage("nowhere")]
    anchor_part(draft, AnchorPart.QUOTE, passages)
    before = list(Anchor.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as queries:
        anchor_part(draft, AnchorPart.QUOTE, passages)
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert list(Anchor.objects.order_by("pk").values()) == before


def test_anchoring_anew_replaces_one_part_only(draft):
    """Those no longer named go, those that changed change, the other parts stay."""
    anchor_part(draft, AnchorPart.CONTENT, [Passage("She said the talks go on too")])
    anchor_part(draft, AnchorPart.QUOTE, [Passage("the talks", at=8), Passage("too"), Passage("nowhere")])
    kept = draft.anchors.get(part=AnchorPart.QUOTE, order=1)
    anchor_part(draft, AnchorPart.QUOTE, [Passage("He said"), Passage("too")])
    assert anchors(draft) == [
        ("content", 0, 25, 53, "She said the talks go on too", "exact"),
        ("quote", 0, 0, 7, "He said", "exact"),
        ("quote", 1, 50, 53, "too", "exact"),
    ]
    assert draft.anchors.get(part=AnchorPart.QUOTE, order=1) == kept


def test_no_passages_empty_the_part(draft):
    anchor_part(draft, AnchorPart.QUOTE, [Passage("too")])
    anchor_part(draft, AnchorPart.QUOTE, [])
    assert anchors(draft) == []


def test_quotes_may_change_places(draft):
    """Swapping two quotations passes through overlaps that nobody should be told of."""
    anchor_part(draft, AnchorPart.QUOTE, [Passage("He said"), Passage("too")])
    anchor_part(draft, AnchorPart.QUOTE, [Passage("too"), Passage("He said")])
    assert [row[4] for row in anchors(draft)] == ["too", "He said"]


def test_overlapping_quotes_are_refused_in_words(draft):
    """A constraint of another table than the statement's own still speaks to the editor."""
    with pytest.raises(ValidationError) as refused, enforced():
        anchor_part(draft, AnchorPart.QUOTE, [Passage("said the talks", at=3), Passage("the talks", at=8)])
    assert refused.value.messages == ["Two quoted passages of one statement overlap; make them one."]


def test_anchored_words_may_be_published(draft, editor):
    anchor_part(draft, AnchorPart.CONTENT, [Passage(draft.content)])
    anchor_part(draft, AnchorPart.QUOTE, [Passage("the talks go on", at=34)])
    publish(draft, by=editor)
    assert Statement.objects.published().get() == draft
