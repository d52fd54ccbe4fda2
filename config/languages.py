"""In which language a page speaks: its address says so. There is no cookie, so that every copy of a page may be kept.

Pages stand under “/” in English and under “/ar/” in Arabic (`i18n_patterns`); the desk, feeds and files speak English.
The front page alone looks at what the browser prefers (Accept-Language), and only for readers who come from elsewhere:
whoever chooses English on this site stays with it.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import translate_url
from django.utils import translation
from django.utils.cache import patch_vary_headers

# What decides where the front page leads: part of a cache's key for that address.
ASKED = ("Accept-Language", "Sec-Fetch-Site")


class LanguageMiddleware:
    """Speaks the language of the address; leads from “/” to the language that the browser prefers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = _led_on(request) if request.path_info == "/" else None
            response = response or self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if request.path_info == "/":
            patch_vary_headers(response, ASKED)
        return response


def _led_on(request: HttpRequest) -> HttpResponseBase | None:
    """From the front page to the one in the language that the browser prefers; None where it is this one."""
    preferred = translation.get_language_from_request(request)
    if preferred == settings.LANGUAGE_CODE or request.headers.get("Sec-Fetch-Site") == "same-origin":
        return None
    return HttpResponseRedirect(translate_url(request.get_full_path(), preferred))
