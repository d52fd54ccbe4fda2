"""What templates need to speak two languages: whose words stand in which, the same page in the other, numbers."""

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

from sources.localising import digits, language_name, number

register = template.Library()


@register.simple_tag
def record_lang() -> SafeString | str:
    """` lang="en" dir="ltr"` for what our editors wrote, on a page in another language; nothing on one in theirs.

    Stands inside a tag, after its name: `<h1{% record_lang %}>`.
    """
    if get_language() == settings.LANGUAGE_CODE:
        return ""
    return format_html(' lang="{}" dir="{}"', settings.LANGUAGE_CODE, "ltr")


@register.simple_tag
def page_direction() -> str:
    """“rtl” or “ltr”: how the page runs."""
    return "rtl" if get_language_bidi() else "ltr"


@register.simple_tag(takes_context=True)
def same_page(context: Any) -> list[dict[str, str]]:
    """The page in each language: code, name in that language, address with its query, and where search engines find it.

    Empty for what has one address only: the desk, an error page.
    """
    request = context.get("request")
    if request is None or request.path_info.startswith("/admin/") or not getattr(request, "resolver_match", None):
        return []
    return [
        {
            "code": code,
            "name": name,
            "url": translate_url(request.get_full_path(), code),
            "alternate": settings.SITE_URL + translate_url(request.path, code),
        }
        for code, name in settings.LANGUAGES
    ]


@register.filter
def timestamp(at: datetime) -> str:
    """A moment for the attribute of <time>, which takes no microseconds."""
    return at.isoformat(timespec="seconds")


register.filter("number", number)
register.filter("digits", digits)
register.filter("language_name", language_name)
