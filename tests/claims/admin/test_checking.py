"""What the desk says of a statement's words as they are saved: tier, context, nearest passage, other sources."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.choices import AnchorPart, Status
from claims.models import Statement
from sources.choices import Tier
from tests.claims.admin.filling import errors, told
from tests.factories import CaptureFactory, SourceFactory, SpeakerFactory, StatementFactory

pytestmark = pytest.mark.django_db

TEXT = (
    "“At no time did we discuss the withdrawal of 2,500 troops,” he noted, but pointed out that talks go on.\n\n"
    "The ministry’s spokesman said that US forces — all of them — would stay.\nHe didn’t say why."
)


@pytest.fixture
def capture():
    return CaptureFactory(text=TEXT)


def file(desk, capture, content, **typed):
    return desk.send("claims/statement/add/", capture=capture.pk, speaker=SpeakerFactory().pk, content=content, **typed)


def said(response) -> str:
    return "\n".join(told(response))


@pytest.mark.parametrize(
    ("content", "tier", "sentence"),
    [
        ("US forces — all of them — would stay", Tier.EXACT, "stand in the kept copy, character for character"),
        ("would  stay. He didn’t say why", Tier.WHITESPACE, "only spaces or line breaks differ"),
        ("US forces - all of them - would stay", Tier.TYPOGRAPHY, "only typography differs"),
        ("the ministry’s spokesman said", Tier.CASE, "only capital letters differ"),
        ("US forces […] would stay", Tier.ELIDED, "in this order, around the words left out"),
    ],
)
def test_each_tier_is_told_at_once_with_its_passage(desk, capture, content, tier, sentence):
    response = file(desk, capture, content)
    assert sentence in said(response)
    statement = Statement.objects.get()
    assert statement.content == content
    anchors = list(statement.anchors.filter(part=AnchorPart.CONTENT).order_by("order"))
    assert {anchor.tier for anchor in anchors} == {tier}
    assert [anchor.exact for anchor in anchors] == [TEXT[anchor.start : anchor.end] for anchor in anchors]
    assert all(f"<mark>{anchor.exact}</mark>" in said(response) for anchor in anchors)


def test_quotation_keeps_the_source_s_characters(desk, capture):
    """The editor typed straight marks and the outlet's comma; readers get what is printed."""
    words = "At no time did we discuss the withdrawal of 2,500 troops"
    response = file(desk, capture, words, quoted=f'"{words},"', mode="direct")
    assert errors(response) == []
    assert Statement.objects.get().anchors.get(part=AnchorPart.QUOTE).exact == words
    assert "only typography differs" in said(response) or "character for character" in said(response)


def test_elided_quotation_is_kept_in_pieces_and_saved_again_unchanged(desk, capture):
    words = "At no time did we discuss […] 2,500 troops"
    file(desk, capture, words, quoted=words, mode="direct")
    statement = Statement.objects.get()
    quotes = list(statement.anchors.filter(part=AnchorPart.QUOTE).order_by("order").values("pk", "exact", "tier"))
    assert [(row["exact"], row["tier"]) for row in quotes] == [
        ("At no time did we discuss", Tier.ELIDED),
        ("2,500 troops", Tier.ELIDED),
    ]
    path = f"claims/statement/{statement.pk}/change/"
    assert desk.form(path)["quoted"] == words
    assert errors(desk.send(path)) == []
    again = statement.anchors.filter(part=AnchorPart.QUOTE).order_by("order").values("pk", "exact", "tier")
    assert list(again) == quotes


@pytest.mark.parametrize(
    ("content", "quoted", "printed"),
    [
        ("At one time did we discuss the withdrawal", "one", "no"),
        ("the withdrawal of 2,600 troops", "2,600", "2,500"),
        ("American forces — all of them — would stay", "American", "US"),
    ],
)
def test_words_that_are_not_there_show_the_nearest_passage(desk, boss, capture, content, quoted, printed):
    response = file(desk, capture, content)
    warning = said(response)
    assert "Kept as a draft. The words are not in the captured text" in warning
    assert f"you have: </span>{quoted}</del>" in warning
    assert f"the source has: </span>{printed}</ins>" in warning
    statement = Statement.objects.get()
    assert statement.anchors.get(part=AnchorPart.CONTENT).tier == Tier.NOT_FOUND
    response = boss.post(f"claims/statement/{statement.pk}/step/publish/", seen=statement.version)
    assert "are not found in the captured text" in response.content.decode()
    statement.refresh_from_db()
    assert statement.status == Status.DRAFT


def test_an_omission_that_denies_says_why_it_is_refused(desk, capture):
    other = CaptureFactory(text="We did at no time and on no account discuss it there.")
    warning = said(file(desk, other, "We did […] discuss it there"))
    assert "Each piece stands in the text, but they cannot be joined by “[…]”" in warning
    assert "they cannot be joined" not in said(file(desk, capture, "US forces […] would never stay"))


def test_words_recorded_already_are_a_caution(desk, capture):
    speaker = SpeakerFactory().pk
    content = "US forces — all of them — would stay"
    for expected in (False, True):
        response = desk.send("claims/statement/add/", capture=capture.pk, speaker=speaker, content=content)
        assert ("These words of this speaker are recorded already" in said(response)) is expected


def test_publishing_shows_the_cautions_once_more(desk, capture):
    file(desk, capture, "At no time did we discuss the withdrawal of 2,500 troops")
    page = desk.get(f"claims/statement/{Statement.objects.get().pk}/step/publish/").content.decode()
    assert "The source goes on:" in page


def test_an_arabic_cue_with_its_joined_and_is_known(desk):
    other = CaptureFactory(text="وقال الوزير إن المحادثات مستمرة.")
    response = file(desk, other, "المحادثات مستمرة", cue="وقال", cue_at="0")
    assert errors(response) == []
    statement = Statement.objects.get()
    assert (statement.cue_class, statement.anchors.get(part=AnchorPart.CUE).exact) == ("report", "وقال")


def test_words_of_another_source_are_found_there(desk, capture):
    other = CaptureFactory(
        text="The king <b>said</b> that it rained all day.", source=SourceFactory(title="Rain <today>")
    )
    warning = said(file(desk, capture, "it rained all day"))
    assert "Found in another source:" in warning
    assert f'href="/admin/sources/capture/{other.pk}/change/"' in warning
    assert "Rain &lt;today&gt;" in warning
    assert Statement.objects.get().anchors.get(part=AnchorPart.CONTENT).tier == Tier.FOUND_ELSEWHERE


def test_a_source_that_goes_on_with_but_is_a_caution(desk, capture):
    warning = said(file(desk, capture, "At no time did we discuss the withdrawal of 2,500 troops"))
    assert "The source goes on:" in warning
    assert "he noted, <mark>but</mark> pointed out" in warning
    assert "The source goes on" not in said(file(desk, capture, "US forces — all of them — would stay"))


def test_a_newer_copy_without_the_words_is_a_caution(desk, capture):
    CaptureFactory(source=capture.source, text="Written anew.", captured_at=timezone.now() + timedelta(hours=1))
    assert "The source has changed: its copy of" in said(file(desk, capture, "US forces — all of them — would stay"))


def test_a_published_statement_cannot_be_changed_into_words_that_are_not_there(desk):
    statement = StatementFactory(status=Status.PUBLISHED)
    before = statement.content
    response = desk.send(f"claims/statement/{statement.pk}/change/", content="Words of mine")
    assert errors(response) != []
    assert desk_text(response) == "Words of mine"
    statement.refresh_from_db()
    assert statement.content == before


def desk_text(response) -> str:
    return response.context["adminform"].form["content"].value()


@pytest.mark.parametrize("field", ["content", "quoted"])
def test_a_megabyte_of_words_is_refused_in_words(desk, capture, field):
    typed = {"content": "US forces", "quoted": ""} | {field: "would stay " * 100_000}
    response = file(desk, capture, **typed)
    assert any("characters" in error for error in errors(response)), errors(response)
    assert not Statement.objects.exists()


def test_more_passages_than_anybody_quotes_are_refused(desk, capture):
    response = file(desk, capture, "US forces", quoted="\n\n".join(f"passage {n}" for n in range(21)))
    assert any("21 passages; a statement quotes at most 20" in error for error in errors(response))


def test_only_the_first_missing_passages_are_looked_for(desk, capture):
    quoted = "\n\n".join(f"they never said number {n}" for n in range(5))
    warning = said(file(desk, capture, "US forces — all of them — would stay", quoted=quoted, mode="mixed"))
    assert warning.count("are not in the captured text, so this cannot be published") == 3
    assert warning.count("is not in the captured text either.") == 2


@pytest.mark.parametrize("content", ["", "   ", "\x00", "US\x00 forces"])
def test_empty_words_and_nul_are_refused(desk, capture, content):
    response = file(desk, capture, content)
    assert errors(response) != []
    assert not Statement.objects.exists()
