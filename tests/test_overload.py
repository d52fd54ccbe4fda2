"""A query that the database cancels is answered with 503 and a time to come back."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from claims.urls import FILES, PAGES


def slow(request: object) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse("never")


urlpatterns = [path("slow/", slow), *FILES, *PAGES]


@pytest.fixture
def _slow_site(settings: object) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    return


@pytest.mark.django_db
@pytest.mark.usefixtures("_slow_site")
def test_a_cancelled_query_answers_503_with_retry_after():
    response = Client().get("/slow/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "Too busy just now" in response.content.decode()
