"""What stands at the foot and in the head of a record's page, so that it can be cited, embedded and sent on."""

from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from claims import drawing
from claims.cards import alt_of, card_of
from claims.choices import Status
from claims.citing import line_of
from claims.embedding import frame_of
from claims.models import Contradiction, Speaker, Statement, Topic
from claims.references import SITE, entries_of, title_of

register = template.Library()

FORMS = (("csl.json", "CSL-JSON"), ("bib", "BibTeX"), ("ris", "RIS"), ("txt", "Text"))
# As Open Graph writes the languages of the pages.
LOCALES = {"en": "en_GB", "ar": "ar_AR"}


@register.inclusion_tag("claims/_share.html", takes_context=True)
def sharing(context: Any, record: Contradiction | Statement | Topic | Speaker) -> dict[str, Any]:
    """The permanent address of a record, its citation and its embed code. No query.

    Nothing of what readers may not see, and nothing on a page that shows the past: what is cited is today's version.
    """
    if not _shared(context, record):
        return {}
    address = _address(record)
    title = str(record) if isinstance(record, Speaker) else title_of(record)
    shown: dict[str, Any] = {
        "address": address,
        "mail": f"mailto:?subject={quote(f'{title} · {SITE}')}&body={quote(address)}",
    }
    if not isinstance(record, Speaker):
        name = f"cite_{record._meta.model_name}"
        shown["lines"] = [line_of(entry) for entry in entries_of(record)]
        shown["files"] = [(reverse(name, args=[_key(record), form]), label) for form, label in FORMS]
    if isinstance(record, Contradiction | Statement):
        shown["frame"] = frame_of(record)
    return shown


@register.inclusion_tag("claims/_share_head.html", takes_context=True)
def sharing_head(
    context: Any, record: Contradiction | Statement | Topic | Speaker, description: str = ""
) -> dict[str, Any]:
    """The canonical address, what link previews show, and where oEmbed is asked. No query."""
    if not _shared(context, record):
        return {}
    address = _address(record)
    embedded = isinstance(record, Contradiction | Statement)
    oembed = f"{settings.SITE_URL}{reverse('oembed')}?url={quote(address, safe='')}"
    shown: dict[str, Any] = {
        "address": address,
        "title": str(record) if isinstance(record, Speaker) else title_of(record),
        "description": description,
        "locale": LOCALES[translation.get_language() or settings.LANGUAGE_CODE],
        "site": SITE,
        "oembeds": [("application/json+oembed", oembed), ("text/xml+oembed", f"{oembed}&format=xml")]
        if embedded
        else (),
    }
    if not isinstance(record, Speaker):
        shown["image"] = settings.SITE_URL + reverse(f"card_{record._meta.model_name}", args=[_key(record)])
        shown["size"] = (drawing.WIDTH, drawing.HEIGHT)
        # The counts of a topic are on its picture alone: they would cost its page a query.
        shown["alt"] = str(record) if isinstance(record, Topic) else alt_of(card_of(record))
    return shown


def _shared(context: Any, record: Any) -> bool:
    """Whether this is the page that readers see of it today."""
    request = context.get("request")
    if request is None or getattr(request, "past", None) or request.path_info.startswith("/admin/"):
        return False
    return isinstance(record, Speaker) or record.status == Status.PUBLISHED


def _address(record: Any) -> str:
    """In the language of the page."""
    return f"{settings.SITE_URL}{record.get_absolute_url()}"


def _key(record: Any) -> str:
    return str(record.slug if isinstance(record, Topic) else record.ref)
