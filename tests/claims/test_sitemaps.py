"""Sitemaps: an index under SITE_URL, each page in every language, and when it changed."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from claims import sitemaps
from claims.models import Statement
from tests.claims.pages.test_corrections import applied
from tests.constraints import rewrite_row
from tests.factories import StatementFactory, published_pair

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def addresses(client, section):
    root = ET.fromstring(client.get(section).content)
    return [
        (
            url.findtext("s:loc", namespaces=NAMES),
            {link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)},
            url.findtext("s:lastmod", namespaces=NAMES),
        )
        for url in root.findall("s:url", NAMES)
    ]


def test_index_names_every_section_under_our_address(client, settings):
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    root = ET.fromstring(client.get("/sitemap.xml", headers={"host": "elsewhere.example"}).content)
    listed = [each.text for each in root.findall("s:sitemap/s:loc", NAMES)]
    assert listed == [f"{SITE}/sitemaps/{section}.xml" for section in sitemaps.SITEMAPS]
    assert f"Sitemap: {SITE}/sitemap.xml" in client.get("/robots.txt", headers={"host": "elsewhere.example"}).text


def test_every_page_stands_once_in_each_language(client):
    statement = StatementFactory(status="published")
    statement.refresh_from_db()
    page = statement.get_absolute_url()
    both = {"en": f"{SITE}{page}", "ar": f"{SITE}/ar{page}", "x-default": f"{SITE}{page}"}
    day = statement.published_at.date().isoformat()
    assert addresses(client, "/sitemaps/statements.xml") == [(both["en"], both, day), (both["ar"], both, day)]
    assert len(addresses(client, "/sitemaps/pages.xml")) == 2 * len(sitemaps.Pages().items())


def test_every_address_answers(client):
    published_pair()
    for section in sitemaps.SITEMAPS:
        found = [address for address, _, _ in addresses(client, f"/sitemaps/{section}.xml")]
        assert found, section
        # As a reader of this site: the front page leads others to their language.
        answers = [client.get(a.removeprefix(SITE), headers={"sec-fetch-site": "same-origin"}) for a in found]
        assert {answer.status_code for answer in answers} == {200}, section


def test_correction_moves_the_day(client):
    statement = StatementFactory(status="published")
    row = applied(statement=statement, kind="typo")
    assert row.decided_at >= Statement.objects.get().published_at
    tomorrow = row.decided_at + timedelta(days=1)
    rewrite_row(row, decided_at=tomorrow)
    assert [lastmod for _, _, lastmod in addresses(client, "/sitemaps/statements.xml")] == [
        tomorrow.date().isoformat()
    ] * 2


def test_long_section_has_pages(client, monkeypatch):
    rows = [StatementFactory(status="published") for _ in range(3)]
    monkeypatch.setattr(sitemaps.Records, "limit", 2)
    listed = client.get("/sitemap.xml").content.decode()
    assert f"{SITE}/sitemaps/statements.xml?p=2" in listed
    second = [address for address, _, _ in addresses(client, "/sitemaps/statements.xml?p=2")]
    assert second == [f"{SITE}{prefix}{rows[2].get_absolute_url()}" for prefix in ("", "/ar")]
    assert client.get("/sitemaps/statements.xml?p=3").status_code == 404
    assert client.get("/sitemaps/nothing.xml").status_code == 404


def test_sitemap_names_every_public_page_and_no_other(client):
    pair = published_pair()
    pair.first.topics.add(pair.question.topic)
    StatementFactory()
    published_pair(status="draft", question__topic=pair.question.topic, first=pair.first, second=pair.second)
    published_pair(question__topic__status="draft", first=pair.first, second=pair.second)
    records = [pair, pair.question.topic]
    for statement in (pair.first, pair.second):
        records += [statement, statement.speaker, statement.capture.source]
    lists = ["/", "/topics/", "/contradictions/", "/statements/", "/speakers/", "/sources/"]
    lists += ["/about/method/", "/about/verification/", "/corrections/", "/about/corrections/", "/ns/"]
    lists.append(f"{pair.question.topic.get_absolute_url()}timeline/")
    expected = lists + [record.get_absolute_url() for record in records]
    found = [url for section in sitemaps.SITEMAPS for url, _, _ in addresses(client, f"/sitemaps/{section}.xml")]
    both = [f"{SITE}{prefix}{each}" for each in expected for prefix in ("", "/ar")]
    assert sorted(found) == sorted(both)
