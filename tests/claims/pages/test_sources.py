"""The list of sources, and one with its passages in place, as far as its rights let readers see it."""

from urllib.parse import unquote

import pytest
from django.db import transaction
from django.utils import timezone

from claims.anchors import Passage, anchor_part
from claims.captures import MOST_PARAGRAPHS, PARAGRAPHS_AROUND
from claims.choices import AnchorPart
from claims.cursors import BROKEN, PAGE_SIZE
from tests.factories import (
    CaptureFactory,
    ExcerptFactory,
    PositionFactory,
    SourceFactory,
    StatementFactory,
    TopicFactory,
)
from tests.markup import by_class, facts, links, main, one, text, texts

pytestmark = pytest.mark.django_db

WHOLE = (
    "The canaryhead stands far before the words that anybody recorded in this report. "
    "The minister said the talks were halted, and the premier said a date was set. "
    "Nobody else spoke about that afterwards. "
    "The canarytail stands far behind the words that anybody recorded in this report."
)
FIRST, SECOND = "the talks were halted", "a date was set"


def capture(rights, **values):
    """A text with two recorded passages and a canary beyond the few words around each end."""
    made = CaptureFactory(text=WHOLE, rights=rights, **values)
    for words in (SECOND, FIRST):
        StatementFactory(status="published", capture=made, content=words)
    return made


def detail(reader, source):
    answer = reader.get(source.get_absolute_url())
    assert answer.status_code == 200
    return main(answer)


def paragraphs(page):
    """The text of a copy as shown, without what stands in the margin."""
    return [row.find("p") for row in by_class(one(by_class(page, "source-text")), "source-row")]


def recorded(capture, content, quotes=(), **values):
    """A published statement whose words are looked for as the desk looks for them."""
    with transaction.atomic():
        statement = StatementFactory(capture=capture, content=content, anchored=False, status="published", **values)
        anchor_part(statement, AnchorPart.CONTENT, [Passage(content)])
        anchor_part(statement, AnchorPart.QUOTE, [Passage(words) for words in quotes])
    return statement


@pytest.mark.parametrize("rights", ["public_domain", "licensed"])
def test_whole_text_is_shown_with_the_passages_marked(reader, rights):
    made = capture(rights)
    page = detail(reader, made.source)
    whole = one(paragraphs(page))
    assert text(whole) == WHOLE
    assert texts(whole.iter("mark")) == [FIRST, SECOND]
    refs = {s.content: s.ref for s in made.statements.all()}
    assert links(whole) == [f"/statements/{refs[FIRST]}/", f"/statements/{refs[SECOND]}/"]
    assert [e.get("id") for e in whole.iter("span") if e.get("id")] == [f"s-{refs[FIRST]}", f"s-{refs[SECOND]}"]


@pytest.mark.parametrize("rights", ["short_excerpts", "private"])
def test_only_passages_are_shown(reader, rights):
    made = capture(rights)
    answer = reader.get(made.source.get_absolute_url())
    assert "canary" not in answer.content.decode()
    page = main(answer)
    assert by_class(page, "source-text") == []
    passages = one(by_class(page, "passages"))
    assert texts(passages.iter("mark")) == [FIRST, SECOND]
    refs = {s.content: s.ref for s in made.statements.all()}
    assert [li.get("id") for li in passages.findall("li")] == [f"s-{refs[FIRST]}", f"s-{refs[SECOND]}"]
    anchors = {a.exact: a for s in made.statements.all() for a in s.anchors.all()}
    around = [words for exact in (FIRST, SECOND) for words in (anchors[exact].prefix, anchors[exact].suffix)]
    shown = [words for words in texts(by_class(passages, "around")) if words != "…"]
    assert shown == ([" ".join(words.split()) for words in around] if rights == "short_excerpts" else [])


@pytest.mark.parametrize(("rights", "shown"), [("short_excerpts", True), ("private", False), ("public_domain", True)])
def test_words_around_a_passage_on_the_statements_own_page(reader, rights, shown):
    statement = capture(rights, source__url="https://example.org/").statements.get(content=FIRST)
    answer = reader.get(statement.get_absolute_url())
    assert "canary" not in answer.content.decode()
    assert ("The minister said" in text(main(answer))) == shown
    assert ("minister%20said" in answer.content.decode()) == shown
    assert text(one(by_class(main(answer), "words"))) == FIRST


@pytest.mark.parametrize("rights", ["public_domain", "short_excerpts"])
@pytest.mark.parametrize("standing", ["draft", "held"])
def test_hidden_passage_is_neither_marked_nor_counted_nor_numbered(reader, rights, standing):
    made = capture(rights)
    held = {"status": "published", "held_since": timezone.now(), "held_reason": "canaryreason"}
    values = held if standing == "held" else {"status": standing}
    hidden = StatementFactory(capture=made, content="Nobody else spoke", speaker__name="Canaryspeaker", **values)
    answer = reader.get(made.source.get_absolute_url())
    page = main(answer)
    assert texts(page.iter("mark"))[-2:] == [FIRST, SECOND]
    assert text(one(by_class(page, "share"))).startswith("1 of 4 sentences (25 %) hold a recorded passage.")
    assert texts(by_class(page, "number")) == ["1:", "2:"]
    assert hidden.ref not in answer.content.decode()
    assert "Canaryspeaker" not in answer.content.decode()


def test_who_said_it_stands_beside_each_passage(reader):
    made = CaptureFactory(text=WHOLE, rights="public_domain", source__url="https://example.org/a")
    second = recorded(made, SECOND, speaker__name="The premier", cue="said", cue_class="report")
    first = recorded(made, FIRST, speaker__name="The minister")
    row = one(by_class(detail(reader, made.source), "source-row"))
    voices = one(by_class(row, "voices")).findall("li")
    checked = "✓ Outlet’s wording verified, character for character Statement · Read it in the source"
    assert texts(voices) == [
        f"1: The minister Paraphrase {checked}",
        f"2: The premier Paraphrase introduced by “said” {checked}",
    ]
    assert [first.get_absolute_url() in links(voices[0]), second.get_absolute_url() in links(voices[1])] == [True, True]
    assert [e.get("data-number") for e in by_class(row, "number-mark")] == ["1", "2"]


def test_overlapping_passages_each_have_their_place_and_name(reader):
    made = CaptureFactory(text=WHOLE, rights="public_domain")
    long = StatementFactory(status="published", capture=made, content="the talks were halted, and the premier")
    short = StatementFactory(status="published", capture=made, content="were halted")
    page = detail(reader, made.source)
    whole = one(paragraphs(page))
    assert text(whole) == WHOLE
    assert [e.get("id") for e in whole.iter("span") if e.get("id")] == [f"s-{long.ref}", f"s-{short.ref}"]
    assert texts(whole.iter("mark")) == ["the talks", "were halted", ", and the premier"]
    assert texts(by_class(whole, "overlap")) == ["were halted"]
    assert links(whole) == [s.get_absolute_url() for s in (long, short, long)]
    voices = one(by_class(page, "voices"))
    assert [url for url in links(voices) if url.startswith("/statements/")] == [
        long.get_absolute_url(),
        short.get_absolute_url(),
    ]


QUOTED = "He said that the talks, “a farce,” were over.\n\nShe said: “We stay — and talk.”\n\nNobody asked."


@pytest.mark.parametrize("rights", ["licensed", "short_excerpts"])
def test_quoted_words_are_told_apart_from_paraphrase(reader, rights):
    made = CaptureFactory(text=QUOTED, rights=rights)
    recorded(made, "the talks, “a farce,” were over", ["a farce"], mode="mixed")
    page = detail(reader, made.source)
    shown = one(by_class(page, "source-text" if rights == "licensed" else "passages"))
    assert texts(by_class(shown, "quoted")) == ["a farce"]
    assert "".join(texts(shown.iter("mark"))).replace(" ", "") == "thetalks,“afarce,”wereover"


def test_paragraphs_are_kept_and_a_passage_may_run_over_two(reader):
    made = CaptureFactory(text=QUOTED, rights="public_domain")
    statement = StatementFactory(
        status="published", capture=made, content="were over.\n\nShe said: “We stay — and talk", mode="indirect"
    )
    page = detail(reader, made.source)
    assert texts(paragraphs(page)) == QUOTED.split("\n\n")
    assert texts(one(by_class(page, "source-text")).iter("mark")) == ["were over.", "She said: “We stay — and talk"]
    assert [e.get("id") for e in page.iter("span") if e.get("id")] == [f"s-{statement.ref}"]
    assert text(one(by_class(page, "share"))) == "2 of 3 sentences (67 %) hold a recorded passage."


def test_of_a_very_long_text_only_what_is_near_a_passage_is_shown(reader):
    """A megabyte of short paragraphs would take seconds at every visit."""
    lines = [f"Line {number} is of no account." for number in range(MOST_PARAGRAPHS + 1)]
    made = CaptureFactory(text="\n\n".join(lines), rights="public_domain")
    for number in (0, 1, 900):
        StatementFactory(status="published", capture=made, content=f"Line {number} is")
    page = detail(reader, made.source)
    near = [*range(2 + PARAGRAPHS_AROUND), *range(900 - PARAGRAPHS_AROUND, 901 + PARAGRAPHS_AROUND)]
    shown = texts(paragraphs(page))
    gaps = [words for words in shown if "not shown here" in words]
    assert [words for words in shown if words not in gaps] == [lines[number] for number in near]
    hidden = [900 - 2 - 2 * PARAGRAPHS_AROUND, len(lines) - 901 - PARAGRAPHS_AROUND]
    assert [words.split(" paragraphs without a recorded passage")[0] for words in gaps] == [f"{n:,}" for n in hidden]
    marked = texts(one(by_class(page, "source-text")).iter("mark"))
    assert marked == ["Line 0 is", "Line 1 is", "Line 900 is"]
    assert text(one(by_class(page, "share"))).startswith(f"3 of {len(lines):,} sentences")


@pytest.mark.parametrize("rights", ["public_domain", "short_excerpts"])
def test_words_left_out_leave_pieces_of_one_passage(reader, rights):
    made = CaptureFactory(text=QUOTED, rights=rights)
    statement = recorded(made, "He said that the talks […] were over")
    page = detail(reader, made.source)
    shown = one(by_class(page, "source-text" if rights == "public_domain" else "passages"))
    assert texts(shown.iter("mark")) == ["He said that the talks", "were over"]
    assert [e.get("id") for e in page.iter() if (e.get("id") or "").startswith("s-")] == [f"s-{statement.ref}"]
    assert texts(by_class(page, "badge")) == ["[…] Outlet’s wording verified, in pieces, with a marked omission"]
    own = main(reader.get(statement.get_absolute_url()))
    assert text(one(by_class(own, "words"))) == "He said that the talks […] were over"
    assert text(one(by_class(own, "in-source"))).startswith(
        "…He said that the talks, “a farce,” were over. She said: “We stay"
    )


def test_words_are_shown_as_the_source_prints_them(reader):
    """Quotation marks enclose the source's own characters, not the editor's."""
    made = CaptureFactory(text=QUOTED, rights="public_domain")
    statement = recorded(made, "We stay -- and talk", ["We stay -- and talk"], mode="direct")
    PositionFactory(statement=statement, words="stay -- and talk", question__topic=(topic := TopicFactory()))
    for address in (statement.get_absolute_url(), "/statements/", statement.speaker.get_absolute_url()):
        assert text(one(main(reader.get(address)).iter("blockquote"))) == "“We stay — and talk”", address
    entry = one(by_class(main(reader.get(topic.get_absolute_url())), "entry-words"))
    assert (text(entry), entry.get("class")) == ("“stay — and talk”", "entry-words quotation")


ARABIC = "قال الوزير إن المحادثات توقفت. وأضاف: “لم نناقش الانسحاب 🇮🇶 أبدا”.\n\nولم يعلق أحد."


def test_arabic_text_is_marked_in_its_own_direction(reader):
    source = SourceFactory(language="ar", title="توقف المحادثات", url="https://example.org/ar")
    made = CaptureFactory(text=ARABIC, rights="licensed", source=source)
    words = "لم نناقش الانسحاب 🇮🇶 أبدا"
    recorded(made, words, [words], mode="direct", language="ar")
    page = detail(reader, source)
    first, last = paragraphs(page)
    assert (first.get("lang"), first.get("dir"), text(first)) == ("ar", "rtl", ARABIC.partition("\n")[0])
    assert texts(first.iter("mark")) == [words]
    assert text(last) == "ولم يعلق أحد."
    assert unquote(one(by_class(page, "deep-link")).get("href")).startswith("https://example.org/ar#:~:text=")
    assert text(one(by_class(page, "share"))).startswith("1 of 3 sentences")


def test_later_copy_without_a_public_statement_is_named_but_not_shown(reader):
    """Its text may be private, or hold words that are not published yet."""
    made = capture("public_domain", captured_at="2024-08-16T10:00Z")
    hidden = CaptureFactory(
        source=made.source,
        text="A canarycopy of the talks.",
        rights="public_domain",
        captured_at="2024-08-18T10:30Z",
        method="fetched",
        extractor="reader",
        extractor_version="2.1",
        archive_url="https://archive.example/",
    )
    StatementFactory(capture=hidden, content="the talks")
    answer = reader.get(made.source.get_absolute_url())
    assert "canarycopy" not in answer.content.decode()
    later, earlier = one(by_class(main(answer), "copies"))
    hidden.refresh_from_db()
    changes = f"{made.source.get_absolute_url()}changes/{hidden.ref}/"
    assert text(later) == (
        "18 August 2024, 10:30 UTC · What changed since the copy before Fetched with reader 2.1 · public domain · "
        f"archived copy · no public statement rests on it SHA-256 of the copy {hidden.sha256}"
    )
    assert links(later) == [changes, "https://archive.example/"]
    assert links(earlier) == []
    assert texts(main(answer).iter("h2")) == ["Copy kept on 16 August 2024", "The 2 copies, and how to check them"]


def test_copies_newest_first_with_their_hashes(reader):
    source = SourceFactory()
    old = CaptureFactory(source=source, text="The talks were halted.", captured_at="2024-08-16T10:00Z")
    new = CaptureFactory(source=source, text="The talks were postponed.", captured_at="2024-08-18T10:00Z")
    StatementFactory(status="published", capture=old, content="The talks were halted")
    StatementFactory(status="published", capture=new, content="The talks were postponed")
    page = detail(reader, source)
    assert texts(page.iter("h2"))[:2] == ["Copy kept on 18 August 2024", "Copy kept on 16 August 2024"]
    for copy in (old, new):
        copy.refresh_from_db()
    assert texts(one(by_class(page, "copies")).iter("code")) == [new.sha256, old.sha256]


def test_excerpt_says_so_and_names_the_hash_of_the_whole(reader):
    made = ExcerptFactory()
    StatementFactory(status="published", capture=made, content="The talks were halted")
    page = detail(reader, made.source)
    assert text(one(by_class(page, "share"))) == (
        "1 recorded passage. The copy is an excerpt that was cut for them, so it cannot tell what share of the source "
        "they are; “[…]” stands where text was left out."
    )
    made.refresh_from_db()
    assert texts(one(by_class(page, "copies")).iter("code")) == [made.sha256, made.whole_sha256]


def test_omission_of_an_excerpt_is_no_sentence_and_no_neighbour(reader):
    """The words beyond “[…]” are not beside the passage in the source, so no link names them."""
    made = ExcerptFactory(
        text="[…]\nThe talks were halted.\n[…]\nNobody said why.",
        excerpt_map=[{"start": 9, "end": 31, "at": 4}, {"start": 40, "end": 56, "at": 31}],
        rights="public_domain",
        source__url="https://example.org/a",
    )
    StatementFactory(status="published", capture=made, content="The talks were halted.")
    page = detail(reader, made.source)
    assert texts(by_class(page, "omission")) == ["[…]", "[…]"]
    assert one(by_class(page, "deep-link")).get("href") == (
        "https://example.org/a#:~:text=The%20talks%20were%20halted."
    )


def test_citation(reader):
    source = SourceFactory(
        title="Two Missiles",
        byline="A reporter",
        url="https://example.org/a?b=1&c=2",
        kind="transcript",
        state="retracted",
        published_from="2024-08-01",
        published_to="2024-08-31",
        precision="month",
        note="canarynote",
        republishes=StatementFactory(capture__source__title="Canaryoriginal").capture.source,
    )
    StatementFactory(status="published", capture__source=source)
    answer = reader.get(source.get_absolute_url())
    page = main(answer)
    assert text(page.find("h1")) == "Two Missiles"
    assert text(one(by_class(page, "kicker"))) == f"{source.outlet.name} · Transcript"
    assert facts(page) == {
        "Published": "August 2024",
        "By": "A reporter",
        "Address": "https://example.org/a?b=1&c=2",
    }
    assert text(one(by_class(page, "problem"))).startswith("This source is marked “retracted”. Its publisher took it")
    assert "canary" not in answer.content.decode().casefold()


def test_reprint_names_its_original_where_that_is_public(reader):
    original = StatementFactory(status="published", capture__source__title="The original").capture.source
    source = SourceFactory(republishes=original)
    StatementFactory(status="published", capture__source=source)
    assert facts(detail(reader, source))["Reprints"] == "The original"
    assert original.get_absolute_url() in links(detail(reader, source))


def test_source_without_address_says_so(reader):
    made = capture("short_excerpts")
    assert facts(detail(reader, made.source)) == {"Published": "undated", "Address": "not known"}


def test_source_of_drafts_only_and_unknown_answer_alike(reader):
    hidden = StatementFactory(capture__source__title="Canarytitle").capture.source
    empty = SourceFactory()
    unknown = reader.get("/sources/zzzzzzzzzz/")
    for source in (hidden, empty):
        answer = reader.get(source.get_absolute_url())
        assert (answer.status_code, answer.content) == (404, unknown.content)


# The list


def shown(answer):
    assert answer.status_code == 200
    return [links(li)[0].split("/")[2] for found in by_class(main(answer), "further") for li in found]


def ask(reader, **parameters):
    return shown(reader.get("/sources/", parameters))


def listed(**values):
    if day := values.pop("day", None):
        values |= {"published_from": day, "published_to": day, "precision": "day"}
    return StatementFactory(status="published", capture__source=SourceFactory(**values)).capture.source


def test_list_is_newest_first_and_undated_last(reader):
    old, none, new = listed(day="2024-01-01"), listed(), listed(day="2024-08-01")
    StatementFactory()
    assert ask(reader) == [new.ref, old.ref, none.ref]
    assert ask(reader, sort="oldest") == [old.ref, new.ref, none.ref]


def test_list_line(reader):
    source = listed(day="2024-08-01", title="Two Missiles", kind="transcript")
    assert texts(one(by_class(main(reader.get("/sources/")), "further"))) == [
        f"Two Missiles {source.outlet.name} · Transcript · 1 August 2024"
    ]


def test_filters(reader):
    missiles, sanctions = listed(title="Two Missiles"), listed(title="New sanctions", kind="transcript")
    hidden = StatementFactory().capture.source.outlet.slug
    assert ask(reader, q="missil") == [missiles.ref]
    assert ask(reader, kind="transcript") == [sanctions.ref]
    assert ask(reader, outlet=missiles.outlet.slug) == [missiles.ref]
    assert ask(reader, outlet=missiles.outlet.slug, kind="transcript") == []
    for name, value in {"outlet": hidden, "kind": "rumour", "sort": "best", "q": "\0"}.items():
        answer = reader.get("/sources/", {name: value})
        assert answer.status_code == 400
        assert len(by_class(main(answer), "errorlist")) == 1
        assert by_class(main(answer), "further") == []


def test_pages_walk_through_every_source_once(reader):
    made = [listed(day="2024-08-01" if n % 2 else None) for n in range(PAGE_SIZE + 2)]
    address, found = "/sources/", []
    while address:
        answer = reader.get(address)
        found += shown(answer)
        forward = [a.get("href") for a in main(answer).iter("a") if a.get("rel") == "next"]
        address = "/sources/" + forward[0] if forward else ""
    assert found == [s.ref for s in sorted(made, key=lambda s: (bool(s.published_from), s.pk), reverse=True)]


@pytest.mark.parametrize("cursor", ["garbage", "\0", "A" * 5000])
def test_broken_cursor_is_400(reader, cursor):
    listed()
    answer = reader.get("/sources/", {"cursor": cursor})
    assert answer.status_code == 400
    assert text(one(by_class(main(answer), "problem"))) == f"{BROKEN} First page"
