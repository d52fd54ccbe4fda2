"""The list of sources, and one with its passages in place, as far as its rights let readers see it."""

import pytest

from claims.cursors import BROKEN, PAGE_SIZE
from tests.factories import CaptureFactory, ExcerptFactory, SourceFactory, StatementFactory
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


@pytest.mark.parametrize("rights", ["public_domain", "licensed"])
def test_whole_text_is_shown_with_the_passages_marked(reader, rights):
    made = capture(rights)
    whole = one(by_class(detail(reader, made.source), "source-text"))
    assert text(whole) == WHOLE
    assert texts(whole.iter("mark")) == [FIRST, SECOND]
    refs = {s.content: s.ref for s in made.statements.all()}
    assert links(whole) == [f"/statements/{refs[FIRST]}/", f"/statements/{refs[SECOND]}/"]
    assert {f"s-{ref}" for ref in refs.values()} == {e.get("id") for e in whole.iter("span")}


@pytest.mark.parametrize("rights", ["short_excerpts", "private"])
def test_only_passages_are_shown(reader, rights):
    made = capture(rights)
    answer = reader.get(made.source.get_absolute_url())
    assert "canary" not in answer.content.decode()
    page = main(answer)
    assert by_class(page, "source-text") == []
    passages = one(by_class(page, "passages"))
    assert texts(passages.iter("mark")) == [FIRST, SECOND]
    anchors = {a.exact: a for s in made.statements.all() for a in s.anchors.all()}
    around = [words for exact in (FIRST, SECOND) for words in (anchors[exact].prefix, anchors[exact].suffix)]
    shown = texts(by_class(passages, "around"))
    assert shown == ([" ".join(words.split()) for words in around] if rights == "short_excerpts" else [])


@pytest.mark.parametrize(("rights", "shown"), [("short_excerpts", True), ("private", False), ("public_domain", True)])
def test_words_around_a_passage_on_the_statements_own_page(reader, rights, shown):
    statement = capture(rights).statements.get(content=FIRST)
    answer = reader.get(statement.get_absolute_url())
    assert "canary" not in answer.content.decode()
    assert ("The minister said" in text(main(answer))) == shown
    assert text(one(by_class(main(answer), "words"))) == FIRST


def test_words_of_a_draft_are_not_marked_in_the_text(reader):
    made = capture("public_domain")
    StatementFactory(capture=made, content="The minister said")
    whole = one(by_class(detail(reader, made.source), "source-text"))
    assert texts(whole.iter("mark")) == [FIRST, SECOND]


def test_overlapping_passages_each_have_their_place(reader):
    made = CaptureFactory(text=WHOLE, rights="public_domain")
    long = StatementFactory(status="published", capture=made, content="the talks were halted, and the premier")
    short = StatementFactory(status="published", capture=made, content="were halted")
    whole = one(by_class(detail(reader, made.source), "source-text"))
    assert text(whole) == WHOLE
    assert [e.get("id") for e in whole.iter("span")] == [f"s-{long.ref}", f"s-{short.ref}"]
    assert texts(whole.iter("mark")) == ["the talks", "were halted", ", and the premier"]


def test_copy_without_a_public_statement_is_not_shown(reader):
    """A second copy may be private, or show words that were not published yet."""
    made = capture("public_domain")
    hidden = CaptureFactory(source=made.source, text="A canarycopy of the talks.", rights="public_domain")
    StatementFactory(capture=hidden, content="the talks")
    answer = reader.get(made.source.get_absolute_url())
    assert "canarycopy" not in answer.content.decode()
    assert hidden.sha256 not in answer.content.decode()
    assert len(texts(main(answer).iter("h2"))) == 1


def test_copies_newest_first_with_their_hashes(reader):
    source = SourceFactory()
    old = CaptureFactory(source=source, text="The talks were halted.", captured_at="2024-08-16T10:00Z")
    new = CaptureFactory(source=source, text="The talks were postponed.", captured_at="2024-08-18T10:00Z")
    StatementFactory(status="published", capture=old, content="The talks were halted")
    StatementFactory(status="published", capture=new, content="The talks were postponed")
    page = detail(reader, source)
    assert texts(page.iter("h2")) == ["Copy kept on 18 August 2024", "Copy kept on 16 August 2024"]
    for copy in (old, new):
        copy.refresh_from_db()
    assert texts(page.iter("code")) == [new.sha256, old.sha256]


def test_excerpt_says_so_and_names_the_hash_of_the_whole(reader):
    made = ExcerptFactory()
    StatementFactory(status="published", capture=made, content="The talks were halted")
    page = detail(reader, made.source)
    assert "excerpt; “[…]” stands where text was left out" in text(page)
    made.refresh_from_db()
    assert texts(page.iter("code")) == [made.sha256, made.whole_sha256]


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
    assert text(one(by_class(page, "problem"))) == (
        "This source is marked “retracted”: it no longer stands as it was captured."
    )
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
