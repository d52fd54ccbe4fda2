"""All kept copies searched by index: what is found, what is not, and what becomes of copies that nobody folded."""

import pytest
from django.db import connection

from sources.anchoring import locate
from sources.finding import MOST_FOLDED, MOST_FOUND, find_in_captures, folded_of, keep_folds, word_numbers
from sources.folding import VERSION, fold
from sources.models import CaptureIndex
from tests.factories import CaptureFactory, SourceFactory

pytestmark = pytest.mark.django_db

TEXT = "“We’ll go on,” the minister said — for now. قالت الوزارة والمحادثات مستمرة. 我们讨论了撤军。"


def refs(words: str, **options: object) -> list[str]:
    return [found.capture.ref for found in find_in_captures(words, **options)]


@pytest.mark.parametrize(
    ("words", "tier"),
    [
        ("the minister said", "exact"),
        ("the  minister\nsaid", "whitespace"),
        ('"We\'ll go on,"', "typography"),
        ("THE MINISTER SAID", "case"),
        ("We’ll go on […] for now", "elided"),
        ("المحادثات مستمرة", "exact"),
        ("讨论了", "exact"),
    ],
)
def test_words_are_found_in_every_tier(words, tier):
    CaptureFactory(text="Nothing of that stands here.")
    capture = CaptureFactory(text=TEXT)
    (found,) = find_in_captures(words)
    assert (found.capture, found.match.tier) == (capture, tier)


@pytest.mark.parametrize("words", ["the minister says", "inister said", "said for the minister", "…", "", "۔"])
def test_other_words_are_not_found(words):
    CaptureFactory(text=TEXT)
    assert refs(words) == []


def test_newest_copies_come_first_and_one_may_be_left_out():
    source = SourceFactory()
    captures = [CaptureFactory(source=source, text=f"{TEXT} {number}") for number in range(3)]
    assert refs("the minister said", besides=captures[1]) == [captures[2].ref, captures[0].ref]


def test_no_more_than_some_copies_are_named():
    for number in range(MOST_FOUND + 2):
        CaptureFactory(text=f"{TEXT} {number}")
    assert len(refs("the minister said")) == MOST_FOUND


def test_search_is_by_index(django_assert_num_queries):
    """The planner takes the index where tables are large; here it is made to."""
    CaptureFactory(text=TEXT)
    keep_folds()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        numbers = sorted(word_numbers("minister said"))
        cursor.execute("EXPLAIN SELECT 1 FROM sources_captureindex WHERE words @> %s::int[]", [numbers])
        assert "captureindex_words" in "\n".join(row[0] for row in cursor.fetchall())
    with django_assert_num_queries(2):
        assert len(refs("the minister said")) == 1


def test_every_copy_gets_a_row_and_is_folded_when_it_is_needed():
    capture = CaptureFactory(text=TEXT)
    index = CaptureIndex.objects.get()
    assert (index.capture_id, index.fold_version, index.checked_at) == (capture.pk, 0, None)
    assert keep_folds() == 1
    assert keep_folds() == 0
    index.refresh_from_db()
    assert (index.fold_version, index.of_sha256, index.folded) == (VERSION, capture.sha256, fold(TEXT).text)


def test_a_search_folds_some_and_leaves_the_rest_to_the_check():
    for number in range(MOST_FOLDED + 1):
        CaptureFactory(text=f"{TEXT} {number}")
    refs("the minister said")
    assert CaptureIndex.objects.filter(fold_version=0).count() == 1


def test_kept_fold_leads_back_to_the_same_places():
    capture = CaptureFactory(text=TEXT)
    made = folded_of(capture)
    keep_folds()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sources.finding.fold", lambda text: pytest.fail("folded anew"))
        kept = folded_of(capture)
    assert kept == made
    assert locate(TEXT, "the minister said - for now", folded=kept) == locate(TEXT, "the minister said - for now")


def test_fold_of_older_rules_is_made_anew():
    capture = CaptureFactory(text=TEXT)
    keep_folds()
    CaptureIndex.objects.update(fold_version=VERSION - 1, folded="nonsense", words=[])
    assert folded_of(capture) == fold(TEXT)
    assert refs("the minister said") == [capture.ref]


def test_numbers_of_words_fit_the_column():
    assert all(-(2**31) <= number < 2**31 for number in word_numbers("the minister said 我们 وزير"))
    assert word_numbers("我们") == word_numbers("我") | word_numbers("们")
