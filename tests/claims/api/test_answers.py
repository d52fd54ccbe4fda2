"""What the API answers: the same records as the pages, in one shape; what is wrong, in another."""

import hashlib
import json

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from psycopg.errors import QueryCanceled

from claims import corrections
from claims.api.answering import LIMIT
from claims.api.views import Topics
from claims.cursors import BROKEN
from claims.models import FormerSlug, Speaker
from tests.claims.pages.test_corrections import applied
from tests.constraints import rewrite_row
from tests.factories import (
    CaptureFactory,
    ContextNoteFactory,
    QuestionFactory,
    ReplyFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
PROBLEM = "application/problem+json"


def got(address, **query):
    answer = Client().get(address, query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return answer.json()


def refused(address, status, **headers):
    answer = Client(raise_request_exception=False).get(address, headers=headers)
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["title"]
    assert problem["detail"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "ETag" not in answer.headers
    return problem


# Records.


def test_statement_has_the_public_columns_and_where_to_go_on():
    capture = CaptureFactory(
        text="On Friday she said that the talks were halted, at last.", source__url="https://example.org/a"
    )
    statement = StatementFactory(
        status="published",
        capture=capture,
        content="the talks were halted",
        said_from="2024-08-01",
        said_to="2024-08-31",
        precision="month",
        undated=False,
        date_basis="in_text",
        note="Ask again.",
    )
    TranslationFactory(statement=statement, text="halted, they said", language="ar")
    told = got(f"/api/v1/statements/{statement.ref}")
    assert (told["content"], told["said"], told["said_from"], told["said_to"], told["precision"]) == (
        "the talks were halted",
        "2024-08",
        "2024-08-01",
        "2024-08-31",
        "month",
    )
    (anchor,) = [each for each in told["anchors"] if each["part"] == "content"]
    assert capture.text[anchor["start"] : anchor["end"]] == anchor["exact"] == "the talks were halted"
    assert [selector["type"] for selector in anchor["selector"]] == ["TextQuoteSelector", "TextPositionSelector"]
    assert told["speaker"]["api"] == f"{SITE}/api/v1/speakers/{statement.speaker.slug}"
    assert (told["source"]["url"], told["source"]["sha256"]) == ("https://example.org/a", capture.sha256)
    assert told["source"]["sha256"] == hashlib.sha256(capture.text.encode()).hexdigest()
    assert told["links"]["html"] == f"{SITE}{statement.get_absolute_url()}"
    assert told["links"]["passage"].startswith("https://example.org/a#:~:text=")
    assert [each["text"] for each in told["translations"]] == ["halted, they said"]
    assert "Ask again" not in json.dumps(told)
    assert got("/api/v1/statements")["results"] == [told]


def test_statement_names_only_public_ones_around_it():
    pair = published_pair()
    hidden = StatementFactory(same_words_as=pair.first)
    hidden.in_reply_to.add(pair.first)
    rewrite_row(pair.first, same_words_as=hidden)
    pair.first.in_reply_to.add(hidden, pair.second)
    ReplyFactory(statement=pair.first, party="The mayor", text="Not so.")
    ContextNoteFactory(statement=pair.first, text="Elections were near.")
    told = got(f"/api/v1/statements/{pair.first.ref}")
    assert [each["ref"] for each in told["in_reply_to"]] == [pair.second.ref]
    assert (told["replies"], told["other_reports"], told["same_words_as"]) == ([], [], None)
    assert [each["ref"] for each in told["contradictions"]] == [pair.ref]
    assert [each["party"] for each in told["right_of_reply"]] == ["The mayor"]
    assert [each["text"] for each in told["context_notes"]] == ["Elections were near."]


def test_pair_has_both_accounts():
    pair = published_pair(explanation="They part.", mechanisms=["negation"])
    told = got(f"/api/v1/contradictions/{pair.ref}")
    assert [told[side]["ref"] for side in ("first", "second")] == [pair.first.ref, pair.second.ref]
    assert (told["finding"], told["mechanisms"], told["explanation"]) == (pair.finding, ["negation"], "They part.")
    assert told["question"]["slug"] == pair.question.slug


def test_topic_lists_its_questions_and_counts():
    topic = TopicFactory()
    pair = published_pair(question=QuestionFactory(topic=topic), first__topics=[topic], second__topics=[topic])
    second = QuestionFactory(topic=topic, order=pair.question.order + 1)
    told = got(f"/api/v1/topics/{topic.slug}")
    assert [each["slug"] for each in told["questions"]] == [pair.question.slug, second.slug]
    assert (told["statement_count"], told["pair_count"]) == (2, 1)
    assert got(f"/api/v1/topics/{topic.slug}/questions")["results"] == told["questions"]
    assert got(f"/api/v1/topics/{topic.slug}/questions/{second.slug}") == told["questions"][1]
    following = told["links"]["statements"].removeprefix(SITE)
    assert {each["ref"] for each in got(following)["results"]} == {pair.first.ref, pair.second.ref}


def test_source_lists_its_copies_without_their_text():
    statement = StatementFactory(status="published", capture__text="She said the talks go on. Unsaid.", content="talks")
    later = CaptureFactory(source=statement.capture.source, text="Written anew.")
    told = got(f"/api/v1/sources/{statement.capture.source.ref}")
    assert [each["ref"] for each in told["captures"]] == [later.ref, statement.capture.ref]
    assert "Unsaid" not in json.dumps(told)
    assert told["outlet"]["name"] == statement.capture.source.outlet.name


def test_correction_of_a_hidden_record_keeps_its_words_to_itself():
    shown = applied(statement=StatementFactory(status="published"), kind="typo", reason="A slip.")
    gone = applied(statement=StatementFactory(status="withdrawn"), kind="typo", reason="Secret.")
    told = {each["ref"]: each for each in got("/api/v1/corrections")["results"]}
    assert (told[shown.ref]["reason"], told[shown.ref]["changes"][0]["after"]) == ("A slip.", "said")
    assert (told[gone.ref]["reason"], told[gone.ref]["changes"], told[gone.ref]["standing"]) == ("", [], "withdrawn")
    assert got(f"/api/v1/corrections/{shown.ref}") == told[shown.ref]
    assert told[shown.ref]["record"] == "statement"


# Lists.


@pytest.mark.parametrize(
    ("address", "name", "told"),
    [
        ("statements", "mode=sung", "“sung” is not one of the values; choose from the list."),
        ("statements", "topic=no-such", "“no-such” is not on record here; choose from the list."),
        ("statements", "sort=up", "“up” is no order; choose one of these: newest, oldest, relevance."),
        ("statements", "q=%00", "Null characters are not allowed."),
        ("statements", "topic=%00", "Null characters are not allowed."),
        ("contradictions", "finding=x", "“x” is not one of the values; choose from the list."),
        ("speakers", "kind=x", "“x” is not one of the values; choose from the list."),
        ("sources", "kind=x", "“x” is not one of the values; choose from the list."),
        ("corrections", "kind=x", "“x” is not one of the values; choose from the list."),
        *((name, "cursor=x", BROKEN) for name in ("topics", "statements", "corrections")),
        *(("speakers", f"limit={bad}", LIMIT) for bad in ("0", "101", "-1", "x", "", "١")),
    ],
)
def test_bad_value_is_told_by_its_parameter(address, name, told):
    problem = refused(f"/api/v1/{address}?{name}", 400)
    assert problem["errors"] == {name.partition("=")[0]: [told]}


def test_same_value_is_refused_on_the_page_with_the_same_words():
    told = refused("/api/v1/statements?said_after=yesterday", 400)["errors"]["said_after"][0]
    page = Client().get("/statements/?said_after=yesterday")
    assert page.status_code == 400
    assert told.split("‘")[0] in page.content.decode()


@pytest.mark.parametrize("name", ["topics", "statements", "contradictions", "speakers", "sources", "corrections"])
def test_unknown_parameter_is_ignored(name):
    assert got(f"/api/v1/{name}", utm_source="x", format="html") == {"results": [], "next": None}


@pytest.mark.parametrize("name", ["topics", "statements", "contradictions", "speakers", "sources"])
@pytest.mark.parametrize("limit", [1, 2])
def test_pages_hold_every_row_once_and_link_to_the_next(name, limit):
    pairs = [published_pair() for _ in range(2)]
    address, found = f"/api/v1/{name}?limit={limit}&utm_source=x", []
    while address:
        answer = Client().get(address)
        page = answer.json()
        assert len(page["results"]) <= limit
        found += [row.get("ref") or row["slug"] for row in page["results"]]
        assert answer.get("Link") == (f'<{page["next"]}>; rel="next"' if page["next"] else None)
        address = page["next"] and page["next"].removeprefix(SITE)
    sides = [side for pair in pairs for side in (pair.first, pair.second)]
    expected = {
        "topics": [pair.question.topic.slug for pair in pairs],
        "statements": [side.ref for side in sides],
        "contradictions": [pair.ref for pair in pairs],
        "speakers": [side.speaker.slug for side in sides],
        "sources": [side.capture.source.ref for side in sides],
    }[name]
    assert sorted(found) == sorted(expected)


def test_search_and_filters_are_those_of_the_page():
    found = StatementFactory(status="published", content="the talks were halted", mode="indirect")
    StatementFactory(status="published", content="the port is open", mode="mixed", quotes=["open"])
    for query in (
        {"q": "halted"},
        {"mode": "indirect"},
        {"speaker": found.speaker.slug},
        {"q": "halted", "sort": "relevance"},
    ):
        assert [row["ref"] for row in got("/api/v1/statements", **query)["results"]] == [found.ref], query


# Where nothing is shown.


def test_drafts_and_unknown_records_answer_alike():
    draft = StatementFactory()
    topic = TopicFactory(status="draft")
    for address, key in (
        (f"/api/v1/statements/{draft.ref}", draft.ref),
        (f"/api/v1/statements/{draft.ref}/annotation", draft.ref),
        (f"/statements/{draft.ref}.jsonld", draft.ref),
        (f"/api/v1/speakers/{draft.speaker.slug}", draft.speaker.slug),
        (f"/api/v1/sources/{draft.capture.source.ref}", draft.capture.source.ref),
        (f"/api/v1/sources/{draft.capture.source.ref}/annotations", draft.capture.source.ref),
        (f"/api/v1/topics/{topic.slug}/questions", topic.slug),
    ):
        assert refused(address, 404) == refused(address.replace(key, "z" * len(key)), 404)


def test_held_record_says_so():
    held = StatementFactory(status="published", held_since=timezone.now(), held_reason="secret")
    problem = refused(f"/api/v1/statements/{held.ref}", 404)
    assert "being checked" in problem["detail"]
    assert "secret" not in json.dumps(problem)


def test_withdrawn_record_leaves_a_tombstone(editor, publisher):
    statement = StatementFactory(status="published", content="the secret words")
    StatementFactory(status="published", speaker=statement.speaker)
    withdrawal = corrections.propose_withdrawal(statement, reason="Never said.", by=editor)
    corrections.apply(withdrawal, by=publisher)
    for address in (f"/api/v1/statements/{statement.ref}", f"/statements/{statement.ref}.jsonld"):
        problem = refused(address, 410)
        stone = problem["tombstone"]
        assert (stone["reason"], stone["correction"]) == ("Never said.", f"{SITE}/api/v1/corrections/{withdrawal.ref}")
        assert [speaker["slug"] for speaker in stone["speakers"]] == [statement.speaker.slug]
        assert "secret" not in json.dumps(problem)


def test_former_names_lead_on():
    topic = TopicFactory(status="published", slug="new-name")
    FormerSlug.objects.create(slug="old-name", topic=topic)
    question = QuestionFactory(topic=topic)
    speaker = StatementFactory(status="published").speaker
    merged = SpeakerFactory(slug="the-same")
    Speaker.objects.filter(pk=merged.pk).update(merged_into=speaker)
    for address, location in (
        ("/api/v1/topics/old-name?a=b", "/api/v1/topics/new-name?a=b"),
        (f"/api/v1/topics/old-name/questions/{question.slug}", f"/api/v1/topics/new-name/questions/{question.slug}"),
        ("/topics/old-name.jsonld", "/topics/new-name.jsonld"),
        ("/api/v1/speakers/the-same", f"/api/v1/speakers/{speaker.slug}"),
        ("/api/v1/statements?topic=old-name", "/api/v1/statements?topic=new-name"),
    ):
        answer = Client().get(address)
        assert (answer.status_code, answer["Location"], answer.content) == (301, location, b"")
        assert "Content-Type" not in answer.headers
        assert answer["Cache-Control"] == "max-age=3600"


def test_what_is_no_address_is_a_problem_too():
    for address in ("/api/", "/api/v1/", "/api/v1/statements/", "/api/v2/statements", "/nothing.jsonld"):
        refused(address, 404)


# Transport.


def test_etag_of_a_compressed_answer_is_weak_and_understood():
    StatementFactory(status="published")
    plain = Client().get("/api/v1/statements")
    packed = Client().get("/api/v1/statements", headers={"accept-encoding": "gzip"})
    assert (packed["Content-Encoding"], packed["ETag"]) == ("gzip", f"W/{plain['ETag']}")
    wanted = {"accept-encoding": "gzip", "if-none-match": packed["ETag"]}
    assert Client().get("/api/v1/statements", headers=wanted).status_code == 304


def test_answer_that_did_not_change_is_304():
    StatementFactory(status="published")
    first = Client().get("/api/v1/statements")
    assert first["ETag"].startswith('"')
    assert first["Cache-Control"] == "no-cache"
    assert first["Vary"] == "Accept, Accept-Encoding"
    for etag in (first["ETag"], f'"x", {first["ETag"]}', f"W/{first['ETag']}", "*"):
        again = Client().get("/api/v1/statements", headers={"if-none-match": etag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert (again["Vary"], again["Access-Control-Allow-Origin"]) == ("Accept", "*")
    assert Client().head("/api/v1/statements")["ETag"] == first["ETag"]
    StatementFactory(status="published")
    assert Client().get("/api/v1/statements", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("address", ["/api/v1/statements", "/ns/rashomon.jsonld", "/api/v1/openapi.json"])
def test_other_sites_may_ask_without_credentials(address):
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    answer = Client().options(address, headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert Client().options("/statements/").get("Access-Control-Allow-Origin") is None


@pytest.mark.parametrize(
    ("accept", "status"),
    [("*/*", 200), ("application/json", 200), ("text/html, */*;q=0.1", 200), ("text/html", 406), ("text/csv", 406)],
)
def test_only_json_is_given(accept, status):
    answer = Client().get("/api/v1/statements", headers={"accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM if status == 406 else "application/json")


def test_annotation_is_given_to_whoever_takes_json_or_json_ld():
    ref = StatementFactory(status="published").ref
    for accept in (
        "application/ld+json",
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        "application/json",
    ):
        assert Client().get(f"/api/v1/statements/{ref}/annotation", headers={"accept": accept}).status_code == 200


def test_nobody_is_known_and_nothing_is_kept(signed_in, editor):
    own = StatementFactory()
    answer = signed_in(editor).get(f"/api/v1/statements/{own.ref}")
    assert answer.status_code == 404
    assert answer.cookies == {}


def test_nothing_is_written():
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(Client(), method)("/api/v1/statements")
        assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, PROBLEM, "GET, HEAD, OPTIONS")


def test_text_is_utf_8():
    topic = TopicFactory(status="published", title="محادثات “الانسحاب”")
    assert "محادثات “الانسحاب”".encode() in Client().get(f"/api/v1/topics/{topic.slug}").content


def late():
    try:
        raise QueryCanceled
    except QueryCanceled as cause:
        raise OperationalError from cause


def broken():
    raise RuntimeError("secret")


@pytest.mark.parametrize(("fails", "status"), [(late, 503), (broken, 500)])
def test_failure_is_a_problem_without_its_reason(monkeypatch, fails, status):
    monkeypatch.setattr(Topics, "get_queryset", lambda self: fails())
    problem = refused("/api/v1/topics", status)
    assert "secret" not in json.dumps(problem)
    if status == 503:
        assert Client().get("/api/v1/topics")["Retry-After"] == "30"


def test_request_for_another_host_is_a_problem():
    refused("/api/v1/topics", 400, host="elsewhere.example")
