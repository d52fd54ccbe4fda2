"""What changed between two copies of a source, as far as the rights of both let readers see it."""

import pytest

from tests.factories import CaptureFactory, ExcerptFactory, SourceFactory, StatementFactory
from tests.markup import by_class, links, main, one, text, texts

pytestmark = pytest.mark.django_db

OLD = (
    "Canaryhead stands in the first paragraph of the copy before.\n\n"
    "The minister said the talks were halted on Monday, and left. Nobody else spoke about that afterwards.\n\n"
    "Canarytail stands in the last paragraph of the copy before."
)
NEW = (
    "Canarybegin now opens this text in another way.\n\n"
    "The minister said the talks were postponed on Monday, and left. Nobody else spoke about that afterwards.\n\n"
    "Canaryfinish closes it, amended."
)
PASSAGE = "the talks were halted on Monday"


def copies(*rights, texts=(OLD, NEW), passage=PASSAGE, **values):
    """Copies of one source, a day apart; a public statement rests on the first."""
    source = SourceFactory(**values)
    made = [
        CaptureFactory(source=source, text=words, rights=right, captured_at=f"2024-08-{day}T10:00Z")
        for day, (words, right) in enumerate(zip(texts, rights, strict=True), start=10)
    ]
    StatementFactory(status="published", capture=made[0], content=passage, speaker__name="The minister")
    return made


def address(capture):
    return f"{capture.source.get_absolute_url()}changes/{capture.ref}/"


def changes(reader, capture):
    answer = reader.get(address(capture))
    assert answer.status_code == 200
    return main(answer)


def words(page, tag):
    """What was removed (del) or added (ins), without the words that say so to a screen reader."""
    label = {"del": "[removed: ", "ins": "[added: "}[tag]
    shown = texts(each for rows in by_class(page, "difference") for each in rows.iter(tag))
    assert all(each.startswith(label) and each.endswith("]") for each in shown)
    return [each[len(label) : -1] for each in shown]


@pytest.mark.parametrize("rights", [("public_domain", "licensed"), ("licensed", "licensed")])
def test_whole_difference_where_both_copies_may_be_shown(reader, rights):
    old, new = copies(*rights)
    page = changes(reader, new)
    shown = one(by_class(page, "difference"))
    removed, added = words(shown, "del"), words(shown, "ins")
    assert "halted" in removed
    assert "postponed" in added
    assert "Canaryhead" in text(shown)
    assert "Canaryfinish" in text(shown)
    assert text(page.find("h1")) == "What changed between two copies"
    assert links(page)[0] == old.source.get_absolute_url()


@pytest.mark.parametrize(
    "rights",
    [("short_excerpts", "short_excerpts"), ("public_domain", "short_excerpts"), ("short_excerpts", "licensed")],
)
def test_only_changes_of_recorded_passages_where_one_may_be_shown_in_excerpts(reader, rights):
    _, new = copies(*rights)
    answer = reader.get(address(new))
    assert "canary" not in answer.content.decode().casefold()
    shown = one(by_class(main(answer), "difference"))
    assert (words(shown, "del"), words(shown, "ins")) == (["halted"], ["postponed"])
    assert "the talks were [removed: halted][added: postponed] on Monday, and left." in text(shown)


def test_nothing_is_shown_where_no_change_touches_a_passage(reader):
    _, new = copies("short_excerpts", "short_excerpts", passage="Nobody else spoke")
    answer = reader.get(address(new))
    assert "canary" not in answer.content.decode().casefold()
    assert by_class(main(answer), "difference") == []
    assert text(main(answer).findall("section")[-1]) == (
        "The changes The text changed, but no change touches a recorded passage; nothing else of this source may be "
        "shown."
    )


@pytest.mark.parametrize("rights", [("private", "licensed"), ("public_domain", "private")])
def test_of_private_copies_only_that_the_text_changed(reader, rights):
    _, new = copies(*rights)
    answer = reader.get(address(new))
    content = answer.content.decode()
    assert "canary" not in content.casefold()
    assert [each for each in ("halted", "postponed", "The minister") if each in content] == []
    assert text(one(by_class(main(answer), "standfirst"))) == (
        "The text changed. The copies may not be shown, so neither may what changed in them."
    )


def test_recorded_passages_that_are_lost_are_named(reader):
    old, new = copies("short_excerpts", "short_excerpts")
    StatementFactory(status="published", capture=old, content="Nobody else spoke", speaker__name="The other")
    page = changes(reader, new)
    assert text(page.find("section").find("p")) == (
        "1 of 2 recorded passages of the copy before no longer stands in the later copy:"
    )
    lost = one(by_class(page, "account"))
    assert text(one(by_class(lost, "words"))) == PASSAGE
    _, new = copies("short_excerpts", "short_excerpts", passage="Nobody else spoke")
    assert text(changes(reader, new).find("section").find("p")) == (
        "The recorded passage of the copy before stands unchanged in the later copy."
    )


def test_passage_of_a_draft_opens_nothing(reader):
    old, new = copies("short_excerpts", "short_excerpts", passage="Nobody else spoke")
    StatementFactory(capture=old, content="Canaryhead stands in the first paragraph")
    StatementFactory(capture=new, content="Canarybegin now opens")
    assert "canary" not in reader.get(address(new)).content.decode().casefold()


def test_passage_of_the_later_copy_counts(reader):
    _, new = copies("short_excerpts", "short_excerpts", passage="Nobody else spoke")
    StatementFactory(status="published", capture=new, content="the talks were postponed")
    page = changes(reader, new)
    assert words(page, "ins") == ["postponed"]
    assert "canary" not in text(page).casefold()


def test_spacing_alone_is_said_so(reader):
    _, new = copies("licensed", "licensed", texts=(OLD, OLD.replace("\n\n", "\n").replace(", and", ",  and")))
    page = changes(reader, new)
    assert text(page.findall("section")[-1]) == "The changes Only spaces and line breaks differ."
    assert by_class(page, "difference") == []


@pytest.mark.parametrize("same", [True, False])
def test_excerpt_is_not_compared(reader, same):
    old = ExcerptFactory(rights="public_domain", captured_at="2024-08-10T10:00Z")
    StatementFactory(status="published", capture=old, content="The talks were halted")
    other = {} if same else {"whole_sha256": "0" * 64}
    new = ExcerptFactory(
        source=old.source,
        text="The talks were halted.",
        captured_at="2024-08-11T10:00Z",
        rights="public_domain",
        **other,
    )
    page = changes(reader, new)
    assert by_class(page, "difference") == []
    assert text(page.findall("section")[-1]) == (
        "The changes Both copies are of one and the same text; other parts of it are kept."
        if same
        else "The changes One of the two copies is an excerpt, so the texts cannot be compared."
    )


def test_each_copy_is_compared_with_the_one_before_it(reader):
    texts_ = ("One was said.", "Two was said.", "Three was said.")
    first, second, third = copies("licensed", "licensed", "licensed", texts=texts_, passage="was said")
    assert words(changes(reader, second), "del") == ["One"]
    assert words(changes(reader, third), "del") == ["Two"]
    assert reader.get(address(first)).status_code == 404


def test_right_to_left_words_keep_their_direction(reader):
    _, new = copies(
        "licensed",
        "licensed",
        texts=("قال إن المحادثات توقفت يوم 5 آب.", "قال إن المحادثات توقفت يوم 7 آب."),
        passage="المحادثات توقفت",
        language="ar",
    )
    shown = one(by_class(changes(reader, new), "difference"))
    assert (shown.get("lang"), shown.get("dir")) == ("ar", "rtl")
    assert (words(shown, "del"), words(shown, "ins")) == (["5"], ["7"])
    assert {e.get("dir") for e in by_class(shown, "unseen")} == {"ltr"}


def test_changes_of_a_hidden_source_and_unknown_ones_answer_alike(reader):
    unknown = reader.get("/sources/zzzzzzzzzz/changes/zzzzzzzzzz/")
    source = SourceFactory(title="Canarytitle")
    CaptureFactory(source=source, text=OLD, captured_at="2024-08-10T10:00Z")
    hidden = CaptureFactory(source=source, text=NEW, captured_at="2024-08-11T10:00Z")
    StatementFactory(capture=hidden, content="the talks were postponed")
    _, new = copies("licensed", "licensed")
    foreign = f"{new.source.get_absolute_url()}changes/{hidden.ref}/"
    for asked in (address(hidden), foreign, address(new).replace(new.ref, "zzzzzzzzzz")):
        answer = reader.get(asked)
        assert (answer.status_code, answer.content) == (404, unknown.content), asked


def test_only_so_many_changes_are_listed(reader):
    old = " ".join(f"Sentence {n} is one of those that follow each other, and it ends here now." for n in range(2500))
    _, new = copies("licensed", "licensed", texts=(old, old.replace("Sentence", "Phrase")), passage="Sentence 0")
    page = changes(reader, new)
    shown = words(page, "del") + words(page, "ins")
    assert 0 < len(shown) <= 4000
    assert f"{2 * 2500 - len(shown):,} further changes are not listed." in texts(by_class(page, "hint"))
