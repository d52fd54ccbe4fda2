"""Mails of what a filter newly finds: the form, the link that confirms, the way out. All without a cookie."""

from smtplib import SMTPException

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from claims import alerts
from claims.forms.alerts import AlertForm
from claims.reports import TooManyReports
from sources.clients import address_of

_ASKS = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt  # What it does to others than its sender is one mail, within limits (decision 0020).
@sensitive_post_parameters("email")
@never_cache
@_ASKS
def alert_form(request: HttpRequest, room: str) -> HttpResponse:
    """The form for the filter that the address has (GET), and its answer (POST): the same for known addresses and new.

    404 where the site sends no mails; 400 where the filter or the form cannot be used; 429 beyond the limits.
    """
    if settings.MAIL == "off" or room not in alerts.LISTS:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    form = AlertForm(sent, from_elsewhere=elsewhere)
    query = alerts.filter_of(room, request.GET)
    wish = alerts.Wish("", room, query, get_language() or settings.LANGUAGE_CODE)
    problems = [text for texts in wish.found.errors.values() for text in texts]
    context = {"form": form, "wish": wish, "problems": problems}
    if problems or sent is None:
        return render(request, "claims/alert_form.html", context, status=400 if problems else 200)
    if not form.is_valid():
        return render(request, "claims/alert_form.html", context, status=400)
    asked = alerts.Wish(form.cleaned_data["email"], room, query, wish.language)
    try:
        alerts.ask(asked, address=address_of(request))
    except TooManyReports as reached:
        response = render(request, "claims/alert_form.html", {**context, "wait": reached.wait}, status=429)
        response["Retry-After"] = str(reached.wait)
        return response
    except (OSError, SMTPException):
        return render(request, "claims/alert_form.html", {**context, "unsent": True}, status=503)
    return render(request, "claims/alert_done.html", {"state": "sent", "wish": wish})


@csrf_exempt
@never_cache
@_ASKS
def alert_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the first mail: asks once more (GET writes nothing), then keeps the address (POST)."""
    wish = alerts.wished(token)
    if wish is None:
        return render(request, "claims/alert_done.html", {"state": "late"}, status=410)
    if request.method != "POST":
        return render(request, "claims/alert_done.html", {"state": "confirm", "wish": wish})
    alert = alerts.confirm(wish)
    return render(
        request, "claims/alert_done.html", {"state": "confirmed", "wish": wish, "stop": alerts.stop_address(alert)}
    )


@csrf_exempt
@never_cache
@_ASKS
def alert_stop(request: HttpRequest, token: str) -> HttpResponse:
    """The end: asked by a link, done by a button or a mail program (RFC 8058)."""
    key = alerts.stopper(token)
    if key is None:
        raise Http404
    if request.method == "POST":
        alerts.stop(key)
    state = "stopped" if request.method == "POST" else "stop"
    return render(request, "claims/alert_done.html", {"state": state})
