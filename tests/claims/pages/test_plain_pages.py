"""The method, the addresses for machines, and the pages for what went wrong."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import path
from django.views.defaults import server_error

from claims import urls
from tests.factories import StatementFactory
from tests.markup import by_class, links, main, one, text, texts, tree

pytestmark = pytest.mark.django_db


def test_method_explains_findings_dates_and_unnamed_sources(reader):
    answer = reader.get("/about/method/")
    assert answer.status_code == 200
    page = main(answer)
    assert text(page.find("h1")) == "How we work"
    assert texts(page.iter("h2")) == [
        "Statements",
        "Contradictions, tensions, and what only seems to conflict",
        "Dates",
        "Unnamed sources",
        "Rights",
    ]
    assert "It does not say who is right." in text(page)


def test_healthz_answers_ok_in_one_query(reader, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = reader.get("/healthz")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_healthz_is_503_without_a_database(reader):
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        answer = reader.get("/healthz")
    finally:
        connection.settings_dict["NAME"] = before
    assert (answer.status_code, answer.content) == (503, b"no database\n")
    assert reader.get("/healthz").status_code == 200


def test_robots_keeps_out_of_the_admin_and_names_the_sitemap(reader, settings):
    answer = reader.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain"
    assert answer.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]


def test_sitemap_and_robots_do_not_trust_the_host_header(reader, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for address in ("/sitemap.xml", "/sitemaps/pages.xml", "/robots.txt"):
        assert "evil.example" not in reader.get(address, headers={"host": "evil.example"}).content.decode()


@pytest.mark.parametrize(
    "address",
    ["/nothing/", "/statements/0000000000/", "/topics/a/b/", "/speakers/%00/", "/contradictions/%D9%85/", "/index.php"],
)
def test_page_that_is_not_there(reader, address):
    answer = reader.get(address)
    assert answer.status_code == 404
    assert text(main(answer).find("h1")) == "There is no such page"
    assert links(main(answer)) == ["/", "/statements/"]
    assert [m.get("content") for m in tree(answer).iter("meta") if m.get("name") == "robots"] == ["noindex"]


@pytest.mark.parametrize("address", ["/topics", "/statements?mode=direct", "/about/method"])
def test_address_without_its_slash_leads_to_it(reader, address):
    answer = reader.get(address)
    assert (answer.status_code, answer["Location"]) == (
        301,
        address.replace("?", "/?") if "?" in address else address + "/",
    )


def test_address_with_too_many_parameters_is_400(reader):
    answer = reader.get("/statements/?" + "&".join(f"a{n}=1" for n in range(1100)))
    assert answer.status_code == 400
    assert text(main(answer).find("h1")) == "This address cannot be read"


def broken(request):
    raise RuntimeError("canarysecret")


urlpatterns = [*urls.FILES, *urls.PAGES, path("broken/", broken)]


@pytest.mark.urls("tests.claims.pages.test_plain_pages")
def test_page_for_our_own_mistakes(caplog):
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    assert text(main(answer).find("h1")) == "Something went wrong on our side"
    assert "canary" not in answer.content.decode()
    assert links(main(answer)) == ["/"]


def test_page_for_our_own_mistakes_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = server_error(RequestFactory().get("/"))
    assert text(main(answer).find("h1")) == "Something went wrong on our side"


def test_navigation_marks_where_the_reader_is(reader):
    statement = StatementFactory(status="published")
    for address, name in (("/statements/", "Statements"), (statement.get_absolute_url(), "Statements"), ("/", None)):
        nav = one(tree(reader.get(address)).iter("nav"))
        current = [text(a) for a in nav.iter("a") if a.get("aria-current")]
        assert current == ([name] if name else [])


def test_every_page_has_a_skip_link_to_its_content(reader):
    page = tree(reader.get("/about/method/"))
    assert links(page)[0] == "#main"
    assert one(page.iter("main")).get("id") == "main"
    assert text(one(by_class(page, "skip"))) == "Skip to the content"
