"""Records outside their pages: cards in frames of other sites, oEmbed, pictures for link previews, citations."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from claims import drawing, embedding
from claims.accounts import account
from claims.cards import card_of, tag_of
from claims.citing import as_bibtex, as_csl, as_ris, as_text
from claims.models import Contradiction, Statement, Topic
from claims.reading import finding_sentence
from claims.references import entries_of
from claims.views.moved import leads_on
from claims.views.records import find

# A card may stand in any site's frame, and there do nothing but show itself. No other page may be framed.
FRAMED: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "form-action": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": ["*"],
}
THEMES = ("", "light", "dark")
FORMS: dict[str, tuple[Callable[..., str], str]] = {
    "txt": (as_text, "text/plain; charset=utf-8"),
    "csl.json": (as_csl, "application/vnd.citationstyles.csl+json"),
    "bib": (as_bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (as_ris, "application/x-research-info-systems; charset=utf-8"),
}
NOT_SHOWN = "claims/embed_not_shown.html"


def for_sharing(model: Any) -> Any:
    """The public records of a model with what their card and citation name."""
    rows = model.objects.published()
    if model is Topic:
        return rows.with_counts().with_corrections()
    return rows.for_reading().with_words() if model is Statement else rows.for_reading()


def embeddable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets a page be framed by any site, whatever it answers; one that there is not says so in the frame."""

    @xframe_options_exempt
    @csp_override(FRAMED)
    @wraps(view)
    def framed(request: HttpRequest, ref: str) -> HttpResponse:
        theme = request.GET.get("theme", "")
        if theme not in THEMES:
            message = _("“theme” takes “light” or “dark”; without it the card follows the page around it.")
            response = HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")
        else:
            try:
                response = view(request, ref=ref)
            except Http404:
                response = render(request, NOT_SHOWN, status=404)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return framed


@require_safe
@embeddable
def embed_contradiction(request: HttpRequest, ref: str) -> HttpResponse:
    """A pair as a card. 8 queries."""
    pair, instead = find(request, for_sharing(Contradiction), shown_in=NOT_SHOWN, ref=ref)
    if instead:
        return instead
    accounts = [account(pair.first, pair.first_words), account(pair.second, pair.second_words)]
    context = {"pair": pair, "sentence": finding_sentence(pair), "accounts": accounts}
    return render(request, "claims/embed_contradiction.html", context)


@require_safe
@embeddable
def embed_statement(request: HttpRequest, ref: str) -> HttpResponse:
    """A statement as a card. 3 queries."""
    statement, instead = find(request, for_sharing(Statement), shown_in=NOT_SHOWN, ref=ref)
    context = {"statement": statement, "accounts": [account(statement)] if statement else []}
    return instead or render(request, "claims/embed_statement.html", context)


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 for the pages of pairs and statements; what is wrong is said in a line of text."""
    form = request.GET.get("format", "json")
    if form not in {"json", "xml"}:
        return _refused("“format” takes “json” or “xml”.", 501)
    try:
        width, height = (_pixels(request, name) for name in ("maxwidth", "maxheight"))
        model, ref, language = embedding.asked_for(request.GET.get("url", ""))
    except ValidationError as error:
        return _refused(error.messages[0], 404 if error.code == "unknown" else 400)
    record = for_sharing(model).filter(ref=ref).first()
    if record is None:
        return _refused("There is no statement or pair at this address.", 404)
    with translation.override(language):
        thumbnail = settings.SITE_URL + reverse(f"card_{model._meta.model_name}", args=[ref])
        answer = embedding.answer_of(record, thumbnail=thumbnail, max_width=width, max_height=height)
    if form == "xml":
        return _open_to_all(HttpResponse(embedding.as_xml(answer), content_type="text/xml; charset=utf-8"))
    return _open_to_all(HttpResponse(embedding.as_json(answer), content_type="application/json"))


def _pixels(request: HttpRequest, name: str) -> int | None:
    """A positive whole number, or None where it is not given. Raises ValidationError otherwise."""
    given = request.GET.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 6 and int(given)):
        raise ValidationError(f"“{name}” is a number of pixels, such as 600.", code="invalid")
    return int(given)


def _refused(message: str, status: int) -> HttpResponse:
    return _open_to_all(HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8"))


def _open_to_all(response: HttpResponse) -> HttpResponse:
    """For scripts and pages of other sites; there is nothing of a reader's own in it."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _card(request: HttpRequest, model: Any, **lookup: str) -> HttpResponse:
    """A picture, drawn only for who does not have it."""
    record, instead = find(request, for_sharing(model), **lookup)
    if instead:
        return instead
    card = card_of(record)
    tag = tag_of(card)
    response = get_conditional_response(request, etag=tag)
    if not isinstance(response, HttpResponseNotModified):
        response = HttpResponse(drawing.draw(card), content_type="image/png")
    response["ETag"] = tag
    response["Cache-Control"] = "public, no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def card_contradiction(request: HttpRequest, ref: str) -> HttpResponse:
    return _card(request, Contradiction, ref=ref)


@require_safe
def card_statement(request: HttpRequest, ref: str) -> HttpResponse:
    return _card(request, Statement, ref=ref)


@require_safe
@leads_on(Topic)
def card_topic(request: HttpRequest, slug: str) -> HttpResponse:
    return _card(request, Topic, slug=slug)


def _citation(request: HttpRequest, model: Any, form: str, **lookup: str) -> HttpResponse:
    """A citation as a file; 404 for a form that there is not."""
    if form not in FORMS:
        raise Http404
    record, instead = find(request, for_sharing(model), **lookup)
    if instead:
        return instead
    write, kind = FORMS[form]
    entries = entries_of(record)
    response = HttpResponse(write(entries), content_type=kind)
    if form != "txt":
        response["Content-Disposition"] = f'attachment; filename="{entries[0].key}.{form}"'
    return response


@require_safe
def cite_contradiction(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    return _citation(request, Contradiction, form, ref=ref)


@require_safe
def cite_statement(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    return _citation(request, Statement, form, ref=ref)


@require_safe
@leads_on(Topic)
def cite_topic(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return _citation(request, Topic, form, slug=slug)
