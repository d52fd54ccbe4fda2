"""Pages in two languages: their addresses, their direction, whose words stand in which, and the way between them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import translation

from claims import urls
from sources.edtf import parse
from sources.localising import day, digits, label, language_name, minute, number
from tests.factories import StatementFactory, TopicFactory, published_pair
from tests.markup import by_class, main, one, text, texts, tree

pytestmark = pytest.mark.django_db

ARABIC = {"Accept-Language": "ar-IQ,ar;q=0.9,en;q=0.5"}


def html(answer):
    return tree(answer)


@pytest.mark.parametrize(
    "route", [route for route in urls.PAGES if "<" not in str(route.pattern)], ids=lambda r: r.name
)
def test_every_page_without_a_record_speaks_both(reader, route):
    english, arabic = (reader.get(f"{prefix}/{route.pattern}") for prefix in ("", "/ar"))
    assert english.status_code == arabic.status_code == 200
    assert (html(english).get("lang"), html(english).get("dir")) == ("en", "ltr")
    assert (html(arabic).get("lang"), html(arabic).get("dir")) == ("ar", "rtl")
    assert (english["Content-Language"], arabic["Content-Language"]) == ("en", "ar")
    assert text(one(main(english).iter("h1"))) != text(one(main(arabic).iter("h1")))


@pytest.mark.parametrize("route", urls.FILES, ids=lambda route: route.name)
def test_files_have_one_address(reader, route):
    assert reader.get(f"/ar/{str(route.pattern).replace('<slug:slug>', 'x')}").status_code == 404


def test_links_stay_in_the_language(reader):
    pair = published_pair()
    page = html(reader.get(f"/ar{pair.get_absolute_url()}"))
    inside = {a.get("href") for a in page.iter("a") if (a.get("href") or "").startswith("/")}
    elsewhere = {href for href in inside if not href.startswith("/ar/")}
    assert all(
        href.startswith(("/feeds/", "/cite/", "/cards/", "/api/")) or href == pair.get_absolute_url()
        for href in elsewhere
    )
    assert f"/ar{pair.first.get_absolute_url()}" in inside


def test_switch_keeps_the_question(reader):
    page = html(reader.get("/statements/?q=talks&sort=oldest"))
    switch = one(one(by_class(page, "languages")).iter("a"))
    assert (switch.get("href"), switch.get("lang"), text(switch)) == (
        "/ar/statements/?q=talks&sort=oldest",
        "ar",
        "العربية",
    )
    back = html(reader.get(switch.get("href")))
    assert one(one(by_class(back, "languages")).iter("a")).get("href") == "/statements/?q=talks&sort=oldest"


def test_search_engines_find_both(reader, settings):
    page = html(reader.get("/ar/topics/"))
    found = {link.get("hreflang"): link.get("href") for link in page.iter("link") if link.get("hreflang")}
    assert found == {"en": f"{settings.SITE_URL}/topics/", "ar": f"{settings.SITE_URL}/ar/topics/"}


@pytest.mark.parametrize("address", ["/ar/statements/no-such/", "/ar/no/such/page"])
def test_error_pages_speak_the_language_and_name_no_address(reader, address):
    answer = reader.get(address)
    assert answer.status_code == 404
    assert html(answer).get("lang") == "ar"
    assert by_class(html(answer), "languages") == []


# The front page leads on by what the browser prefers, and nothing else does.


@pytest.mark.parametrize("site", ["none", "cross-site", "same-site", None])
def test_front_page_leads_to_the_language_of_the_browser(reader, site):
    answer = reader.get("/?utm_source=news", headers=ARABIC | ({"Sec-Fetch-Site": site} if site else {}))
    assert (answer.status_code, answer["Location"]) == (302, "/ar/?utm_source=news")
    assert {each.strip() for each in answer["Vary"].split(",")} >= {"Accept-Language", "Sec-Fetch-Site"}
    assert not answer.cookies


def test_who_chose_english_stays(reader):
    answer = reader.get("/", headers=ARABIC | {"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200
    assert {each.strip() for each in answer["Vary"].split(",")} >= {"Accept-Language", "Sec-Fetch-Site"}


@pytest.mark.parametrize("preferred", ["", "en", "fr,de", "*", "x" * 500, ",;q=,", "en,ar"])
def test_others_read_english(reader, preferred):
    assert reader.get("/", headers={"Accept-Language": preferred}).status_code == 200


@pytest.mark.parametrize("address", ["/topics/", "/statements/", "/feeds/statements.atom", "/ar/"])
def test_no_other_address_varies_by_it(reader, address):
    answer = reader.get(address, headers=ARABIC)
    assert answer.status_code == 200
    assert "Accept-Language" not in answer.get("Vary", "")


def test_desk_speaks_english(client):
    answer = client.get("/admin/login/", headers=ARABIC)
    assert answer["Content-Language"] == "en"


# Whose words stand in which language.


def test_what_editors_wrote_says_its_language(reader):
    topic = TopicFactory(status="published", title="A story of two ministers", summary="What they said.")
    page = main(reader.get("/ar/topics/"))
    link = next(a for a in page.iter("a") if text(a) == topic.title)
    assert (link.get("lang"), link.get("dir")) == ("en", "ltr")
    english = next(a for a in main(reader.get("/topics/")).iter("a") if text(a) == topic.title)
    assert (english.get("lang"), english.get("dir")) == (None, None)


def test_words_of_a_statement_keep_theirs(reader):
    statement = StatementFactory(status="published", language="en")
    page = main(reader.get("/ar/statements/"))
    words = one(by_class(page, "words"))
    assert (words.get("lang"), words.get("dir")) == ("en", "ltr")
    assert statement.content in text(words)


def test_bad_value_says_so_in_the_language(reader):
    answer = reader.get("/ar/statements/?said_after=soon&sort=best")
    assert answer.status_code == 400
    told = texts(by_class(main(answer), "errorlist"))
    assert len(told) == 2
    assert all(any("\u0600" <= letter <= "\u06ff" for letter in words) for words in told)
    assert "soon" in told[0] + told[1]


# Dates and numbers.


@pytest.mark.parametrize(
    ("written", "english", "arabic"),
    [
        ("2024-08-15", "15 August 2024", "١٥ آب/أغسطس ٢٠٢٤"),
        ("2024-08", "August 2024", "آب/أغسطس ٢٠٢٤"),
        ("2024", "2024", "٢٠٢٤"),
        ("2024~", "c. 2024", "نحو ٢٠٢٤"),
        ("2024-08-15/2024-08-16", "15–16 August 2024", "١٥–١٦ آب/أغسطس ٢٠٢٤"),
        ("", "undated", "بلا تاريخ"),
    ],
)
def test_dates(written, english, arabic):
    assert label(parse(written)) == english
    with translation.override("ar"):
        assert label(parse(written)) == arabic


def test_numbers_and_moments():
    moment = datetime(2026, 11, 3, 4, 5, 6, tzinfo=UTC)
    assert (number(1204), digits(1204), day(moment)) == ("1,204", "1204", "3 November 2026")
    assert minute(moment) == "3 November 2026, 04:05 UTC"
    with translation.override("ar"):
        assert (number(1204), number(0.5), digits(2026)) == ("١٬٢٠٤", "٠٫٥", "٢٠٢٦")
        assert "٠٤:٠٥" in minute(moment)
        assert (language_name("ar"), language_name("x-none")) == ("العربيّة", "x-none")


def test_day_of_a_moment_is_that_in_utc():
    assert day(datetime(2026, 11, 3, 23, 30, tzinfo=timezone(timedelta(hours=-5)))) == "4 November 2026"
