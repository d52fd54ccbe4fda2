"""“Something wrong?”: the reader's form and what came of it; the way out of the desk's mails. All without a cookie."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from claims.digests import stop, stopper
from claims.forms.reports import ReportForm
from claims.models import Report
from claims.reports import TooManyReports, kind_of, public_record, receive
from sources.clients import address_of


# The signed value in the form does what the CSRF cookie would (decision 0017).
@csrf_exempt
@sensitive_post_parameters("message", "email")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_form(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Ask (GET, which writes nothing) and take in (POST); what is wrong is said beside its field, with status 400."""
    record = public_record(kind, key)
    if record is None:
        raise Http404
    elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    sent = request.POST if request.method == "POST" else None
    form = ReportForm(sent, of=(kind, key), from_elsewhere=elsewhere)
    context: dict[str, Any] = {"form": form, "record": record}
    if sent is None:
        return render(request, "claims/report_form.html", context)
    if not form.is_valid():
        return render(request, "claims/report_form.html", context, status=400)
    typed = {name: form.cleaned_data.get(name, "") for name in ("ref", "kind", "message", "email")}
    try:
        report = receive(record, address=address_of(request), **typed)
    except TooManyReports as reached:
        response = render(request, "claims/report_form.html", {**context, "wait": reached.wait}, status=429)
        response["Retry-After"] = str(reached.wait)
        return response
    return HttpResponseRedirect(report.get_absolute_url())


@never_cache
@require_safe
def report_outcome(request: HttpRequest, ref: str) -> HttpResponse:
    """What came of a report, for whoever has its reference. Of a record that is hidden now its words are not shown."""
    report = get_object_or_404(Report, ref=ref)
    shown = public_record(*kind_of(report.record))
    return render(request, "claims/report_outcome.html", {"report": report, "record": report.record, "shown": shown})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """The end of the desk's mails to one person: asked by a link, done by a button or a mail program (RFC 8058)."""
    person = stopper(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        stop(person)
    return render(request, "claims/mail_stop.html", {"done": request.method == "POST"})
