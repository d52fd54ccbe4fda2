"""Corrections, withdrawals, ranks, replies and context notes as readers see them."""

import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from claims import corrections
from claims.choices import CorrectionKind
from claims.models import Correction
from tests.constraints import rewrite_row
from tests.factories import (
    ContextNoteFactory,
    PositionFactory,
    QuestionFactory,
    ReplyFactory,
    SideFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    hand,
    published_pair,
)
from tests.markup import by_class, facts, links, main, one, text, texts, tree

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def today():
    now = timezone.now()
    return f"{now.day} {now:%B %Y}"


def changed(subject, kind, reason, by, approver, **values):
    """A correction of one record, proposed and approved."""
    with corrections.trying(subject, kind=kind, reason=reason, by=by) as tried:
        fresh = type(subject).objects.get(pk=subject.pk)
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.save()
    proposal = corrections.keep(subject, kind=kind, reason=reason, by=by, rows=tried.rows)
    corrections.apply(proposal, by=approver)
    return proposal


def withdrawn(subject, reason, by, approver):
    proposal = corrections.propose_withdrawal(subject, reason=reason, by=by)
    corrections.apply(proposal, by=approver)
    return proposal


def applied(**values):
    """A row of the list, without its change being made: for pages and counts."""
    told = [{"label": "Cue", "before": "told", "after": "said"}]
    made = {"kind": CorrectionKind.CORRECTION, "reason": "It was wrong.", "rows": [{}], "changes": told, **values}
    hands = {"proposed_by": hand("first-reader"), "decided_by": hand("second-reader")}
    return Correction.objects.create(state="applied", decided_at=timezone.now(), **hands, **made)


def entries(page):
    return by_class(page, "correction")


def test_correction_shows_on_every_page_that_uses_the_record(reader, editor, publisher, today):
    pair = published_pair(first__speaker__side=SideFactory(), first__cue="told", first__cue_class="report")
    first, second = pair.first, pair.second
    first.topics.add(pair.question.topic)
    changed(first, "correction", "The source prints “said”.", editor, publisher, cue="said")
    for address in (
        "/",
        "/contradictions/",
        pair.get_absolute_url(),
        second.get_absolute_url(),
        pair.question.topic.get_absolute_url(),
        first.speaker.get_absolute_url(),
        first.capture.source.get_absolute_url(),
        "/statements/",
        first.get_absolute_url(),
        f"/compare/?statement={first.ref}&statement={second.ref}",
        f"/compare/?topic={pair.question.topic.slug}&speaker={first.speaker.slug}&speaker={second.speaker.slug}",
    ):
        found = by_class(main(reader.get(address)), "corrected")
        assert {text(mark) for mark in found} == {f"Corrected {today}"}, address
        assert {mark.get("href") for mark in found} == {f"{first.get_absolute_url()}#corrections"}, address


def test_page_of_the_record_tells_before_and_after(reader, editor, publisher, today):
    statement = StatementFactory(status="published", cue="told", cue_class="report")
    proposal = changed(statement, "correction", "The source prints “said”.", editor, publisher, cue="said")
    found = main(reader.get(statement.get_absolute_url()))
    entry = one(entries(found))
    assert entry.get("id") == proposal.ref
    assert text(entry) == (
        f"Correction · {today} · approved by a second reader The source prints “said”. Cue[removed: told][added: said]"
    )
    assert [e.tag for e in one(by_class(entry, "changes")).iter() if e.tag in {"del", "ins"}] == ["del", "ins"]
    assert facts(found)["Second reader"] == "Approved by a second reader"
    listed = one(entries(main(reader.get("/corrections/"))))
    assert links(listed) == [statement.get_absolute_url()]
    assert (
        main(reader.get(proposal.get_absolute_url().partition("#")[0])).find(f".//*[@id='{proposal.ref}']") is not None
    )


def test_mark_tells_the_gravest_class(reader, editor, publisher, today):
    statement = StatementFactory(status="published", date_note="Teh note.", cue="told", cue_class="report")
    changed(statement, "clarification", "Clearer.", editor, publisher, cue="said")
    changed(statement, "typo", "A slip.", editor, publisher, date_note="The note.")
    assert set(texts(by_class(main(reader.get("/statements/")), "corrected"))) == {f"Clarified {today}"}


def test_typo_that_changes_a_number_is_refused(editor, publisher):
    statement = StatementFactory(status="published", date_note="Some 5 days later.")
    with pytest.raises(corrections.ValidationError) as refused:
        changed(statement, "typo", "A slip.", editor, publisher, date_note="Some 6 days later.")
    assert refused.value.messages == [
        "A number changes (“5” to “6”). That is no typing error: choose “Correction” or another class."
    ]
    assert not Correction.objects.exists()


def test_without_a_second_reader_is_said(reader, settings):
    statement = StatementFactory(status="published")
    rewrite_row(statement, without_second_reader=True)
    assert facts(main(reader.get(statement.get_absolute_url())))["Second reader"] == "Published without a second reader"
    assert by_class(tree(reader.get("/")), "single-editor") == []
    settings.SINGLE_EDITOR = True
    assert len(by_class(tree(reader.get("/")), "single-editor")) == 1


def test_list_never_shrinks_and_tells_no_word_of_what_is_gone(reader, editor, publisher):
    values = {"status": "published", "cue": "told", "cue_class": "report", "content": "the canaryword of the talks"}
    gone, held = StatementFactory(**values), StatementFactory(**values)
    for statement in (gone, held):
        changed(statement, "correction", "It says canaryreason.", editor, publisher, cue="canarycue")
    withdrawn(gone, "The outlet took it back.", editor, publisher)
    rewrite_row(held, held_since=timezone.now(), held_reason="A check failed.")
    for address in ("/corrections/", "/feeds/corrections.atom", "/feeds/corrections.json"):
        answer = reader.get(address)
        assert "canary" not in answer.content.decode(), address
        assert "The outlet took it back." in answer.content.decode(), address
    found = main(reader.get("/corrections/"))
    assert [text(heading) for heading in found.iter("h2")] == [
        "Statement that was withdrawn",
        "Statement that is being checked",
        "Statement that was withdrawn",
    ]


def test_draft_and_undecided_are_in_no_list(reader, editor):
    public = StatementFactory(status="published")
    corrections.propose_withdrawal(public, reason="canaryreason", by=editor)
    for address in ("/corrections/", "/feeds/corrections.atom", "/feeds/corrections.json", public.get_absolute_url()):
        assert "canaryreason" not in reader.get(address).content.decode()


def test_change_that_names_a_withdrawn_topic_is_hidden(reader, editor, publisher):
    statement = StatementFactory(status="published")
    question = QuestionFactory(text="A canaryquestion?", topic__title="Canarytopic")
    with corrections.trying(statement, kind="update", reason="It answers this.", by=editor) as tried:
        PositionFactory(statement=statement, question=question)
    proposal = corrections.keep(statement, kind="update", reason="It answers this.", by=editor, rows=tried.rows)
    corrections.apply(proposal, by=publisher)
    assert "canaryquestion" in reader.get("/corrections/").content.decode()
    withdrawn(question.topic, "One side named it.", editor, publisher)
    for address in ("/corrections/", statement.get_absolute_url(), "/feeds/corrections.json"):
        assert "canaryquestion" not in reader.get(address).content.decode(), address
    assert "1 change of a story that was withdrawn since is not shown." in text(
        main(reader.get(statement.get_absolute_url()))
    )


def test_list_by_class_topic_and_page(reader):
    topic = TopicFactory(slug="one")
    placed = StatementFactory(status="published", topics=[topic])
    rows = [applied(statement=placed, kind="typo"), applied(topic=topic), applied(topic=TopicFactory(slug="two"))]
    rows += [applied(statement=placed, kind="update") for _ in range(25)]
    assert [e.get("id") for e in entries(main(reader.get("/corrections/?kind=typo")))] == [rows[0].ref]
    assert len(entries(main(reader.get("/corrections/?topic=two")))) == 1
    first = main(reader.get("/corrections/"))
    onward = [a.get("href") for a in first.iter("a") if a.get("rel") == "next"]
    second = main(reader.get(f"/corrections/{onward[0]}"))
    assert [e.get("id") for e in (*entries(first), *entries(second))] == [row.ref for row in reversed(rows)]


@pytest.mark.parametrize("query", ["kind=sung", "topic=none", "cursor=x", "ref=01234567890"])
def test_nonsense_is_400(reader, query):
    answer = reader.get(f"/corrections/?{query}")
    assert answer.status_code == 400
    assert len([e for e in main(answer).iter() if e.get("role") == "alert"]) == 1


def test_withdrawn_statement_and_its_pair_say_what_was_there_and_why(reader, editor, publisher, today):
    pair = published_pair(first__content="the canaryword of the talks", question__text="Were they halted?")
    StatementFactory(status="published", speaker=pair.first.speaker)
    pair.first.topics.add(pair.question.topic)
    proposal = withdrawn(pair.first, "The outlet took it back.", editor, publisher)
    told = {"When": today, "Why": "The outlet took it back.", "Decided": "by two people"}
    topic = {"Topic": pair.question.topic.title}
    answer = reader.get(pair.first.get_absolute_url())
    assert answer.status_code == 410
    assert facts(main(answer)) == {"Speaker": pair.first.speaker.name, **topic, **told}
    assert proposal.get_absolute_url() in links(main(answer))
    answer = reader.get(pair.get_absolute_url())
    assert answer.status_code == 410
    speakers = f"{pair.first.speaker.name}, {pair.second.speaker.name}"
    assert facts(main(answer)) == {"Question": "Were they halted?", "Speakers": speakers, **topic, **told}
    assert "together with one of the two statements that it stood on" in text(main(answer))
    assert "canaryword" not in answer.content.decode()


def test_tombstone_names_nobody_who_is_not_public(reader):
    statement = StatementFactory(
        status="withdrawn", speaker__name="Canaryspeaker", topics=[TopicFactory(status="draft")]
    )
    answer = reader.get(statement.get_absolute_url())
    assert (answer.status_code, facts(main(answer))) == (410, {})


def test_atom_feed_is_whole(reader, editor, publisher):
    statement = StatementFactory(status="published", cue="told", cue_class="report")
    proposal = changed(statement, "correction", "It prints \x0b<b>said</b>.", editor, publisher, cue="said")
    answer = reader.get("/feeds/corrections.atom", headers={"host": "localhost"})
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)
    assert {e.tag.removeprefix(ATOM) for e in feed} >= {"id", "title", "updated", "author", "link", "entry"}
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")} == {
        "alternate": "http://127.0.0.1:8000/corrections/",
        "self": "http://127.0.0.1:8000/feeds/corrections.atom",
    }
    entry = one(feed.findall(f"{ATOM}entry"))
    address = f"http://127.0.0.1:8000{proposal.get_absolute_url()}"
    assert entry.find(f"{ATOM}id").text == entry.find(f"{ATOM}link").get("href") == address
    assert entry.find(f"{ATOM}title").text == f"Correction · Statement: {statement.speaker.name}, undated"
    assert entry.find(f"{ATOM}updated").text
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert "<p>It prints  &lt;b&gt;said&lt;/b&gt;.</p>" in summary.text
    assert "before <del" in summary.text


def test_json_feed_is_whole(reader):
    row = applied(statement=StatementFactory(status="published"))
    answer = reader.get("/feeds/corrections.json")
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == (
        "http://127.0.0.1:8000/corrections/",
        "http://127.0.0.1:8000/feeds/corrections.json",
    )
    item = one(feed["items"])
    assert item["id"] == item["url"] == f"http://127.0.0.1:8000{row.get_absolute_url()}"
    assert (item["tags"], item["date_published"]) == (["correction"], row.decided_at.isoformat())
    assert item["content_html"].strip().startswith("<p>It was wrong.</p>")


def test_list_names_its_feeds(reader):
    head = tree(reader.get("/corrections/")).find("head")
    found = {
        link.get("type"): link.get("href")
        for link in head.iter("link")
        if link.get("type", "").startswith("application")
    }
    assert found == {
        "application/atom+xml": "/feeds/corrections.atom",
        "application/feed+json": "/feeds/corrections.json",
    }


RANKS = [("superseded", "Superseded", 2), ("misattributed", "Misattributed", 1)]


@pytest.mark.parametrize(("rank", "label", "counted"), RANKS)
def test_rank_is_labelled_everywhere_and_only_misattribution_is_not_counted(reader, rank, label, counted):
    side, topic = SideFactory(), TopicFactory()
    speaker = SpeakerFactory(side=side)
    question = QuestionFactory(topic=topic)
    pair = published_pair(question=question, first__speaker=speaker, first__rank=rank, first__rank_note="He said so.")
    StatementFactory(status="published", speaker=speaker, topics=[topic])
    first, second = pair.first, pair.second
    for address in (
        "/",
        "/contradictions/",
        "/statements/",
        topic.get_absolute_url(),
        speaker.get_absolute_url(),
        first.capture.source.get_absolute_url(),
        second.get_absolute_url(),
        f"/compare/?topic={topic.slug}&speaker={speaker.slug}&speaker={second.speaker.slug}",
    ):
        assert set(texts(by_class(main(reader.get(address)), "rank-mark"))) == {f"{label}: He said so."}, address
    compare = f"/compare/?statement={first.ref}&statement={second.ref}"
    for address in (first.get_absolute_url(), pair.get_absolute_url(), compare):
        told = text(one(by_class(main(reader.get(address)), "rank")))
        assert told.startswith(f"{label}.")
        assert told.endswith("He said so.")
        assert first.content in reader.get(address).content.decode()
    header = [
        text(e)
        for e in main(reader.get(topic.get_absolute_url())).iter("th")
        if side.name in text(e) and "statement" in text(e)
    ]
    assert header == [f"{side.name} {counted} statement{'s' if counted > 1 else ''}"]
    assert f"{counted} statement" in text(
        one(e for e in main(reader.get("/speakers/")).iter("li") if speaker.name in text(e))
    )


def test_misattributed_statement_agrees_with_nobody(reader):
    question = QuestionFactory()
    for rank, note in (("normal", ""), ("misattributed", "Another said it."), ("superseded", "Later otherwise.")):
        statement = StatementFactory(status="published", rank=rank, rank_note=note, speaker__side=SideFactory())
        PositionFactory(statement=statement, question=question, gist="they were halted")
    agreeing = [
        text(e) for e in by_class(main(reader.get(question.topic.get_absolute_url())), "entry") if "Agrees" in text(e)
    ]
    assert len(agreeing) == 2
    assert not any("Misattributed" in entry for entry in agreeing)


REPLIES = [
    ("sought", {"reply_sought_how": "by e-mail"}, "Asked for a reply on 3 June 2024, by e-mail; no answer yet."),
    (
        "declined",
        {"reply_note": "They sent no reason."},
        "Asked for a reply on 3 June 2024; they declined to answer. They sent no reason.",
    ),
    (
        "waived",
        {"reply_note": "It would put somebody at risk."},
        "Nobody was asked for a reply: It would put somebody at risk.",
    ),
]


@pytest.mark.parametrize(("state", "values", "words"), REPLIES)
def test_whether_a_reply_was_sought_is_said_in_words(reader, state, values, words):
    asked = {"reply_sought_on": date(2024, 6, 3), **values}
    fields = {f"first__{name}": value for name, value in asked.items()}
    pair = published_pair(first__allegation=True, first__reply_state=state, **fields)
    for record in (pair.first, pair, f"/compare/?statement={pair.first.ref}&statement={pair.second.ref}"):
        found = main(reader.get(record if isinstance(record, str) else record.get_absolute_url()))
        assert text(one(by_class(found, "reply-asked"))) == f"An allegation. {words}"


def test_reply_and_notes_stand_beside_statement_and_pair(reader):
    pair = published_pair()
    ReplyFactory(statement=pair.first, party="The ministry", text="لم نشارك", language="ar", url="https://m.example/")
    ContextNoteFactory(statement=pair.first, text="It met twice.", url="https://n.example/x")
    ContextNoteFactory(contradiction=pair, statement=None, text="It never met again.")
    for record, notes in ((pair.first, 1), (pair, 2)):
        found = main(reader.get(record.get_absolute_url()))
        reply = one(by_class(found, "reply"))
        quote = one(reply.iter("blockquote"))
        assert (text(quote), quote.get("lang"), quote.get("dir")) == ("لم نشارك", "ar", "rtl")
        assert text(reply.find("figcaption")) == (
            "Reply of The ministry, word for word, received 3 June 2024 · where they published it"
        )
        shown = by_class(found, "context-note")
        assert len(shown) == notes
        assert text(shown[-1]) == "It met twice. Check it at n.example"
    assert by_class(main(reader.get(pair.second.get_absolute_url())), "reply") == []


def test_undated_is_said_aloud(reader):
    statement = StatementFactory(status="published")
    found = facts(main(reader.get(statement.get_absolute_url())))
    assert found["When"] == "undated: the source gives no date"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("/corrections/", 14), ("/feeds/corrections.atom", 12)])
def test_number_of_queries(reader, django_assert_num_queries, count, address, queries):
    for _ in range(count):
        pair = published_pair(first__further_speakers=[SpeakerFactory()])
        change = {"label": "Topic", "before": "", "after": "T", "topic": pair.question.topic.slug}
        applied(statement=pair.first, changes=[change])
        applied(contradiction=pair)
        applied(topic=pair.question.topic)
        applied(speaker=pair.first.speaker)
        applied(statement=StatementFactory(status="withdrawn"))
        applied(contradiction=published_pair(status="withdrawn"))
        applied(topic=TopicFactory(status="withdrawn"))
    with django_assert_num_queries(queries):
        assert reader.get(address).status_code == 200
