"""How often somebody at the desk wants a mail of what waits for them."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from claims.choices import DigestEvery
from claims.digests import choose, chosen, has_address
from claims.queues import queues


class MailsForm(forms.Form):
    every = forms.ChoiceField(label="How often", choices=DigestEvery, widget=forms.RadioSelect)


@require_http_methods(["GET", "HEAD", "POST"])
def mails_page(request: HttpRequest) -> HttpResponse:
    """Show the choice, and take another."""
    if not any(queue.mine for queue in queues(request.user)):
        raise PermissionDenied
    form = MailsForm(request.POST or None, initial={"every": chosen(request.user)})
    if request.method == "POST" and form.is_valid():
        choose(request.user, form.cleaned_data["every"])
        messages.success(request, f"Saved: {DigestEvery(form.cleaned_data['every']).label.lower()}.")
        return HttpResponseRedirect(reverse("admin:index"))
    context = {
        **admin.site.each_context(request),
        "title": "Mails",
        "form": form,
        "address": has_address(request.user),
        "off": settings.MAIL == "off",
    }
    return TemplateResponse(request, "admin/claims/mails.html", context)
