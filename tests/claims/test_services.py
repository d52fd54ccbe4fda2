"""Submit, publish, send back, hold, show again, and finding a statement's words in its capture."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.anchors import Ambiguous, Passage, Place, anchor_part, find_passage
from claims.choices import AnchorPart, Mode, Status
from claims.models import Anchor, Contradiction, Event, Statement, Topic
from claims.rules import RULES
from claims.services import hold, missing, publish, release, send_back, submit
from sources.acting import acting
from sources.anchoring import Span
from sources.choices import Tier
from sources.refusals import check_now, enforced
from tests.factories import (
    AnchorFactory,
    CaptureFactory,
    ContradictionFactory,
    PositionFactory,
    QuestionFactory,
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
}
REFUSALS = {
    publish: "this step starts from draft or in review.",
    submit: "this step starts from draft.",
    send_back: "this step starts from in review.",
}


def statement(status: str) -> Statement:
    return StatementFactory(status=status)


def pair(status: str) -> Contradiction:
    return published_pair(status=status)


def topic(status: str) -> Topic:
    return TopicFactory(status=status)


def of(editor, make, status):
    """A record that this editor wrote; what is public has the factories' two people."""
    if status in {PUBLISHED, WITHDRAWN}:
        return make(status)
    accounts = {}
    if make is pair:
        sides = {side: StatementFactory(status=PUBLISHED) for side in ("first", "second")}
        accounts = {**sides, "question": QuestionFactory()}
        for side in sides.values():
            PositionFactory(statement=side, question=accounts["question"], words="")
    with acting(by=editor):
        record = {statement: StatementFactory, pair: ContradictionFactory, topic: TopicFactory}[make](
            status=status, **accounts
        )
    record.refresh_from_db()
    return record


def take(step, record, by):
    step(record, by=by, **({"seen": record.version} if step is publish else {}))


@pytest.mark.parametrize("make", [statement, pair, topic])
@pytest.mark.parametrize("step", LEADS)
@pytest.mark.parametrize("status", Status.values)
def test_step_leads_where_the_table_says(make, step, status, editor, publisher):
    """Every step from every status, for each kind of record; who did it is in the history, a refusal is not."""
    record = of(editor, make, status)
    expected = LEADS[step].get(status)
    before = Event.objects.count()
    if expected:
        take(step, record, publisher)
    else:
        with pytest.raises(ValidationError) as refused:
            take(step, record, publisher)
        status_words = Status(status).label.lower()
        assert refused.value.messages == [f"“{record}” is {status_words}: {REFUSALS[step]}"]
        assert refused.value.code == "wrong_status"
    assert type(record).objects.get(pk=record.pk).status == record.status == (expected or status)
    told = Event.objects.order_by("pk").values_list("actor", "record", "record_id")[before:]
    assert list(told) == ([(publisher.pk, record._meta.model_name, record.pk)] if expected else [])


@pytest.mark.parametrize(
    ("role", "step", "allowed"),
    [
        ("editor", submit, True),
        ("editor", publish, False),
        ("contributor", submit, False),
        ("contributor", publish, False),
        ("auditor", submit, False),
        ("administrator", submit, False),
        ("importer", publish, False),
        ("publisher", publish, True),
    ],
)
def test_step_needs_its_role(role, step, allowed, editor, request):
    """Of an editor's draft; a contributor may hand in none but their own."""
    record, person = of(editor, statement, DRAFT), request.getfixturevalue(role)
    if allowed:
        take(step, record, person)
    else:
        with pytest.raises(ValidationError):
            take(step, record, person)
        assert Statement.objects.get(pk=record.pk).status == DRAFT


def test_superuser_may_nothing(editor, django_user_model):
    everything = django_user_model.objects.create_superuser("root", password="root")
    with pytest.raises(ValidationError):
        take(publish, of(editor, statement, DRAFT), everything)


def test_who_edited_last_cannot_publish(publisher, second_publisher):
    record = of(publisher, statement, DRAFT)
    with pytest.raises(ValidationError, match="You edited it last"):
        take(publish, record, publisher)
    take(publish, record, second_publisher)
    assert (record.last_edited_by, record.approved_by) == (publisher, second_publisher)


def test_single_editor_mode_publishes_and_says_so(publisher, settings):
    record = of(publisher, statement, DRAFT)
    settings.SINGLE_EDITOR = True
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rashomon.single_editor = 'on'")
    take(publish, record, publisher)
    assert (record.status, record.without_second_reader) == (PUBLISHED, True)


def test_draft_of_an_unknown_hand_is_answered_for_by_who_submits_it(editor, publisher):
    record = StatementFactory()
    with pytest.raises(ValidationError, match="Nobody answers for its last change"):
        take(publish, record, publisher)
    take(submit, record, editor)
    assert record.last_edited_by == editor
    take(publish, record, publisher)


def test_step_reads_the_status_anew(editor, publisher):
    """Two editors with the same page open: the second is told, not heard."""
    record = of(editor, statement, DRAFT)
    stale = Statement.objects.get(pk=record.pk)
    take(publish, record, publisher)
    with pytest.raises(ValidationError, match="is published"):
        submit(stale, by=editor)


def test_step_writes_the_step_only(editor, publisher):
    """What an editor has typed and not saved is not published by the way, and a step is no new version."""
    record = of(editor, statement, DRAFT)
    version, record.note = record.version, "Not saved."
    take(publish, record, publisher)
    assert (record.note, record.version) == ("", version)


def test_held_back_and_shown_again_by_a_publisher(editor, publisher):
    """At once, by one person, with its pairs; what is shown again is what was approved."""
    made = published_pair()
    with pytest.raises(ValidationError, match="Only a publisher"):
        hold(made.first, by=editor, reason="Wrong person.")
    hold(made.first, by=publisher, reason="Wrong person.")
    assert not Contradiction.objects.published().exists()
    with pytest.raises(ValidationError, match="is not shown"):
        hold(made.first, by=publisher, reason="Again.")
    with pytest.raises(ValidationError, match="Only a publisher"):
        release(made.first, by=editor)
    release(made.first, by=publisher)
    made.refresh_from_db()
    release(made, by=publisher)
    assert Contradiction.objects.published().get() == made


NO_CONTENT = "The statement's words are not found in the captured text: copy them from it exactly."
NO_QUOTE = "A quotation needs its quoted words: give them as they stand in the captured text."
NO_DATE = "It has no date: give one, or tick “undated”, which tells readers so."
NO_SOURCE = "The source has no address and no locator: say where a reader can find it."
NO_REPLY = "It is an allegation: say whether those concerned were asked for a reply."
NO_ANSWER = "Those concerned have answered: add their reply below."


def unfound_quote() -> Statement:
    made = StatementFactory(quotes=["never"])
    AnchorFactory(statement=made, part=AnchorPart.QUOTE, order=1, exact="no", start=0, end=2, tier=Tier.NOT_FOUND)
    return made


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (partial(StatementFactory, anchored=False), lambda _: [NO_CONTENT]),
        (partial(StatementFactory, mode=Mode.DIRECT), lambda _: [NO_QUOTE]),
        (partial(StatementFactory, anchored=False, mode=Mode.MIXED), lambda _: [NO_CONTENT, NO_QUOTE]),
        (
            unfound_quote,
            lambda _: [
                "The quoted words “no” are not found in the statement's words: copy them exactly or take them out."
            ],
        ),
        (
            partial(StatementFactory, undated=False, allegation=True, capture__source__locator=""),
            lambda _: [NO_SOURCE, NO_DATE, NO_REPLY],
        ),
        (partial(StatementFactory, allegation=True, reply_state="given"), lambda _: [NO_ANSWER]),
        (
            partial(ContradictionFactory, first__status=PUBLISHED, second__status=IN_REVIEW),
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
    ids=["content", "quote", "neither", "unfound", "source date reply", "answer", "one account", "both accounts"],
)
def test_publishing_says_all_that_is_missing(make, expected, editor, publisher):
    """All at once, as an editor who mends one thing at a time gives up; nothing of the attempt is kept."""
    record = make()
    submit(record, by=editor)
    with pytest.raises(ValidationError) as refused:
        take(publish, record, publisher)
    assert refused.value.messages == [str(gap) for gap in missing(record)] == expected(record)
    record.refresh_from_db()
    assert record.status == IN_REVIEW


@pytest.mark.parametrize("make", [statement, pair, topic])
def test_nothing_is_missing_of_what_may_be_published(make):
    assert missing(make(PUBLISHED)) == []


def test_publishing_asks_the_model_too(editor, publisher):
    """What `missing()` does not know the model or the database still refuses."""
    made = of(editor, pair, DRAFT)
    made.second.positions.all().delete()
    with pytest.raises(ValidationError) as refused:
        take(publish, made, publisher)
    assert refused.value.message_dict == {"question": [RULES["contradiction_both_hold_positions"][1]]}
    made.delete()


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


def test_anchored_words_may_be_published(draft, publisher, editor):
    anchor_part(draft, AnchorPart.CONTENT, [Passage(draft.content)])
    anchor_part(draft, AnchorPart.QUOTE, [Passage("the talks go on", at=34)])
    submit(draft, by=editor)
    publish(draft, by=publisher, seen=draft.version)
    assert Statement.objects.published().get() == draft
