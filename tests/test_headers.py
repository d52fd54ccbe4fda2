"""What every public answer carries, whatever its status; and which methods it takes."""

import gzip
from itertools import pairwise

import pytest
from django.core import signing
from django.utils import timezone

from claims import urls
from claims.digests import stop_address
from claims.models import Speaker, Statement
from sources.models import Source
from tests.claims.pages.test_corrections import applied
from tests.factories import CaptureFactory, ReportFactory, StatementFactory, published_pair
from tests.markup import tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def alert_link(step, what):
    """The link of a mail to a reader."""
    return f"/alerts/{step}/{signing.dumps(what, salt=f'claims.alerts.{step}', compress=step == 'confirm')}/"


POLICY_OF_A_CARD = "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *"
PAGES = {
    "front": "/",
    "topic_list": "/topics/",
    "topic_detail": "/topics/us-iraq-coalition-talks/",
    "topic_timeline": "/topics/us-iraq-coalition-talks/timeline/",
    "topic_history": "/topics/us-iraq-coalition-talks/history/",
    "contradiction_history": "/contradictions/z8zaqp1317/history/",
    "statement_history": "/statements/m9qhcy0t9c/history/",
    "contradiction_list": "/contradictions/",
    "contradiction_detail": "/contradictions/z8zaqp1317/",
    "compare": "/compare/",
    "compare in a story": "/compare/?topic=us-iraq-coalition-talks",
    "compare statements": "/compare/?statement=hhejaw7a5f&statement=m9qhcy0t9c",
    "compare speakers": "/compare/?topic=us-iraq-coalition-talks&speaker=matthew-miller&speaker=official-sources",
    "statement_list": "/statements/",
    "statement_detail": "/statements/m9qhcy0t9c/",
    "speaker_list": "/speakers/",
    "speaker_detail": "/speakers/matthew-miller/",
    "source_list": "/sources/",
    "source_detail": "/sources/v8rhmbxqs1/",
    "capture_changes": "/sources/v8rhmbxqs1/changes/0000000001/",
    "correction_list": "/corrections/",
    "feed_corrections_atom": "/feeds/corrections.atom",
    "feed_corrections_json": "/feeds/corrections.json",
    "feed_contradictions_atom": "/feeds/contradictions.atom",
    "feed_contradictions_json": "/feeds/contradictions.json",
    "feed_statements_atom": "/feeds/statements.atom",
    "feed_statements_json": "/feeds/statements.json",
    "feed_topic_atom": "/feeds/topics/us-iraq-coalition-talks.atom",
    "feed_topic_json": "/feeds/topics/us-iraq-coalition-talks.json",
    "feed_speaker_atom": "/feeds/speakers/hussein-allawi.atom",
    "feed_speaker_json": "/feeds/speakers/hussein-allawi.json",
    "about_corrections": "/about/corrections/",
    "report_form": "/report/statements/m9qhcy0t9c/",
    "report_outcome": "/reports/0000000002/",
    "mail_stop": stop_address(1),
    "alert_form": "/alerts/statements/",
    "alert_confirm": alert_link("confirm", ["reader@example.org", "statements", "", "en"]),
    "alert_stop": alert_link("stop", 1),
    "about_method": "/about/method/",
    "about_verification": "/about/verification/",
    "export_history": "/export/history.jsonl",
    "export_checkpoint": "/export/checkpoint.txt",
    "embed_contradiction": "/embed/contradictions/z8zaqp1317/",
    "embed_statement": "/embed/statements/m9qhcy0t9c/",
    "oembed": "/oembed?url=http://127.0.0.1:8000/statements/m9qhcy0t9c/",
    "card_contradiction": "/cards/contradictions/z8zaqp1317.png",
    "card_statement": "/cards/statements/m9qhcy0t9c.png",
    "card_topic": "/cards/topics/us-iraq-coalition-talks.png",
    "cite_contradiction": "/cite/contradictions/z8zaqp1317.bib",
    "cite_statement": "/cite/statements/m9qhcy0t9c.ris",
    "cite_topic": "/cite/topics/us-iraq-coalition-talks.csl.json",
    "healthz": "/healthz",
    "robots": "/robots.txt",
    "sitemap": "/sitemap.xml",
    "sitemap_section": "/sitemaps/statements.xml",
    "vocabulary": "/ns/",
    "vocabulary_linked": "/ns/rashomon.jsonld",
    "linked_statement": "/statements/m9qhcy0t9c.jsonld",
    "linked_contradiction": "/contradictions/z8zaqp1317.jsonld",
    "linked_speaker": "/speakers/matthew-miller.jsonld",
    "linked_topic": "/topics/us-iraq-coalition-talks.jsonld",
    "api_schema": "/api/v1/openapi.json",
    "api_topics": "/api/v1/topics",
    "api_topic": "/api/v1/topics/us-iraq-coalition-talks",
    "api_questions": "/api/v1/topics/us-iraq-coalition-talks/questions",
    "api_question": "/api/v1/topics/us-iraq-coalition-talks/questions/were-the-talks-about-withdrawal",
    "api_contradictions": "/api/v1/contradictions",
    "api_contradiction": "/api/v1/contradictions/z8zaqp1317",
    "api_statements": "/api/v1/statements",
    "api_statement": "/api/v1/statements/m9qhcy0t9c",
    "api_annotation": "/api/v1/statements/m9qhcy0t9c/annotation",
    "api_speakers": "/api/v1/speakers",
    "api_speaker": "/api/v1/speakers/matthew-miller",
    "api_sources": "/api/v1/sources",
    "api_source": "/api/v1/sources/v8rhmbxqs1",
    "api_annotations": "/api/v1/sources/v8rhmbxqs1/annotations",
    "api_annotation_page": "/api/v1/sources/v8rhmbxqs1/annotations/page",
    "api_corrections": "/api/v1/corrections",
    "api_correction": "/api/v1/corrections/0000000003",
}
# The forms that readers send.
TAKE_POSTS = {"report_form", "mail_stop", "alert_form", "alert_confirm", "alert_stop"}
READ_ONLY = {name: address for name, address in PAGES.items() if name not in TAKE_POSTS}
BROKEN = {
    400: [
        "/statements/?mode=sung",
        "/contradictions/?cursor=x",
        "/compare/?statement=m9qhcy0t9c",
        "/corrections/?kind=x",
        "/statements/m9qhcy0t9c/?as_of=yesterday",
        "/api/v1/statements?mode=sung",
    ],
    404: [
        "/nothing/",
        "/statements/0000000000/",
        "/sources/0000000000/",
        "/topics/no-such/",
        "/api/v1/nothing",
        "/api/v1/topics/no-such",
    ],
}
EVERY = [pytest.param(200, address, id=name) for name, address in PAGES.items()] + [
    pytest.param(status, address, id=f"{status} {address}") for status, some in BROKEN.items() for address in some
]
FEEDS = {address for address in PAGES.values() if address.startswith("/feeds/")}
FRAMED = {address for address in PAGES.values() if address.startswith("/embed/")}
# Files that pages of other sites may show, and those that their programs may read.
SHOWN = {address for address in PAGES.values() if address.startswith(("/cards/", "/oembed"))}
OPEN = {address for _, address in [*PAGES.items(), *((0, each) for some in BROKEN.values() for each in some)]}
OPEN = {address for address in OPEN if address.startswith("/api/") or address.endswith(".jsonld")}
FILES = ("/cite/", "/sitemaps/", "/export/", "/healthz", "/robots.txt", "/sitemap.xml")
MACHINES = FEEDS | SHOWN | OPEN | {address for address in PAGES.values() if address.startswith(FILES)}


@pytest.fixture(scope="module", autouse=True)
def second_copy(story, django_db_blocker):
    """A later copy of one source, so that there is something to compare; a report."""
    with django_db_blocker.unblock():
        ReportFactory(ref="0000000002", statement=Statement.objects.get(ref="m9qhcy0t9c"))
        applied(ref="0000000003", speaker=Speaker.objects.get(slug="matthew-miller"), kind="typo")
        CaptureFactory(ref="0000000001", source=Source.objects.get(ref="v8rhmbxqs1"), text="Written anew.")


def checked(answer, status, address=""):
    """What holds of every public answer; only the cards for other sites may be framed, by any site, and run nothing.

    The API alone may be read by programs of other sites.
    """
    framed = any(answer.request["PATH_INFO"] == page for page in FRAMED)
    assert answer.status_code == status
    assert answer.cookies == {}
    assert "Cookie" not in answer.get("Vary", "")
    assert "Content-Security-Policy-Report-Only" not in answer.headers
    assert answer["Content-Security-Policy"] == (POLICY_OF_A_CARD if framed else POLICY)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.get("X-Frame-Options") == (None if framed else "DENY")
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    path = answer.request["PATH_INFO"]
    shared = framed or address in OPEN or any(path == page.partition("?")[0] for page in SHOWN)
    assert answer["Cross-Origin-Resource-Policy"] == ("cross-origin" if shared else "same-origin")
    allowed = address in OPEN or path == "/oembed"
    assert answer.get("Access-Control-Allow-Origin") == ("*" if allowed else None)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "camera=()" in answer["Permissions-Policy"]


def test_every_public_address_is_covered():
    assert {pattern.name for pattern in [*urls.PAGES, *urls.FILES]} == {
        name for name in PAGES if not name.startswith("compare ")
    }


@pytest.mark.parametrize(("status", "address"), EVERY)
def test_headers(reader, status, address):
    checked(reader.get(address), status, address)


def test_policy_is_the_one_of_the_settings(settings):
    written = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())
    assert written == POLICY


@pytest.mark.parametrize("status", [404, 410])
def test_headers_of_what_is_held_or_withdrawn(reader, status):
    held = {"status": "published", "held_since": timezone.now(), "held_reason": "Gone."}
    statement = StatementFactory(**({"status": "withdrawn"} if status == 410 else held))
    checked(reader.get(statement.get_absolute_url()), status)


def test_headers_of_a_withdrawn_pair_and_topic(reader):
    pair = published_pair(status="withdrawn", question__topic__status="withdrawn")
    for record in (pair, pair.question.topic):
        checked(reader.get(record.get_absolute_url()), 410)


@pytest.mark.parametrize(("status", "address"), EVERY)
def test_no_inline_style_script_or_handler(reader, status, address):
    """The policy would block them, so a page that needs them would be broken."""
    if address in MACHINES:
        return
    for element in tree(reader.get(address)).iter():
        assert element.tag != "style"
        data = element.get("type") == "application/ld+json"
        assert element.tag != "script" or data or (element.get("src") and not element.text)
        assert [name for name in element.attrib if name == "style" or name.startswith("on")] == []
        assert not element.get("href", "").startswith("javascript:")


@pytest.mark.parametrize(("status", "address"), EVERY)
def test_every_page_says_its_language_title_and_one_heading(reader, status, address):
    if address in MACHINES:
        return
    page = tree(reader.get(address))
    assert (page.get("lang"), page.find("head/meta").get("charset")) == ("en", "utf-8")
    assert "".join(page.find("head/title").itertext()).endswith("Rashomon") or address == "/"
    headings = [int(e.tag[1]) for e in page.iter() if e.tag in {"h1", "h2", "h3", "h4"}]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert [(one, two) for one, two in pairwise(headings) if two > one + 1] == []
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert sorted(ids) == sorted(set(ids))
    named = {name for e in page.iter() for name in e.get("aria-labelledby", "").split()}
    assert named <= set(ids)


@pytest.mark.parametrize(("status", "address"), EVERY)
def test_head_answers_as_get_without_a_body(reader, status, address):
    answer, whole = reader.head(address), reader.get(address)
    assert (answer.status_code, answer.content) == (status, b"")
    assert answer["Content-Type"] == whole["Content-Type"]


@pytest.mark.parametrize("address", READ_ONLY.values(), ids=READ_ONLY)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(reader, method, address):
    answer = getattr(reader, method)(address)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS" if address in OPEN else "GET, HEAD")
    assert answer["Content-Security-Policy"] == POLICY


def test_page_of_somebody_signed_in_is_not_kept(signed_in, editor):
    assert signed_in(editor).get("/")["Cache-Control"] == "no-store"


def test_page_of_a_reader_may_be_kept(reader):
    assert "no-store" not in reader.get("/").get("Cache-Control", "")


def test_page_is_sent_compressed_to_whom_takes_it(reader):
    plain = reader.get(PAGES["topic_detail"])
    packed = reader.get(PAGES["topic_detail"], headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 3
    assert "Accept-Encoding" in packed["Vary"]


@pytest.mark.parametrize("name", ["api_statement", "card_statement", "linked_statement"])
def test_what_is_compressed_is_still_sent_once(reader, name):
    first = reader.get(PAGES[name], headers={"Accept-Encoding": "gzip"})
    again = reader.get(PAGES[name], headers={"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
