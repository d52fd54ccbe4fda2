"""Where a record is found: a new address for a speaker or topic, and two speakers who are one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from claims import merging
from claims.forms.addresses import AddressForm, MergeForm
from claims.models import FormerSlug, Speaker, Topic
from claims.querysets import ONCE_PUBLIC
from claims.renaming import rename
from claims.roles import may
from sources.desk import DeskAdmin

PROPOSED = "Proposed; a second person must approve it."


class Renames(DeskAdmin):
    """A room whose records can get a new address."""

    change_form_template = "admin/claims/history_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_address"
        return [
            path("<int:pk>/address/", self.admin_site.admin_view(self.address_view), name=name),
            *super().get_urls(),
        ]

    def tools(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        """Label and address of what can be done with this record beside editing it."""
        return [("New address…", self._url("address", obj))] if self.has_change_permission(request, obj) else []

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        if (obj := context.get("original")) is not None:
            context["tools"] = self.tools(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def _url(self, view: str, obj: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=[obj.pk])

    def _found(self, request: HttpRequest, pk: int) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, str(pk))
        if obj is None:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        return obj

    def address_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the new address (GET), and give or propose it (POST)."""
        obj = self._found(request, pk)
        asks = isinstance(obj, Topic) and obj.status in ONCE_PUBLIC
        form = AddressForm(request.POST or None, asks=asks, initial={"slug": obj.slug})
        if request.method == "POST" and form.is_valid():
            try:
                with self.at_work(request):
                    proposal = rename(
                        obj, form.cleaned_data["slug"], by=request.user, reason=form.cleaned_data.get("reason", "")
                    )
            except ValidationError as refused:
                form.add_error("slug", refused.messages)
            else:
                told = PROPOSED if proposal else "It has its new address; the one before leads there."
                self.message_user(request, told, messages.SUCCESS)
                return HttpResponseRedirect(self._url("change", obj))
        former = FormerSlug.objects.filter(**{self.opts.model_name or "": obj})
        return self._page(request, obj, "address", "New address", form=form, former=former, asks=asks)

    def _page(self, request: HttpRequest, obj: Any, name: str, title: str, **context: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "record": obj,
            "back": self._url("change", obj),
            "media": self.media + context["form"].media,
            **context,
        }
        return TemplateResponse(request, f"admin/claims/{name}.html", context)


class Merges(Renames):
    """The room of speakers: one who turns out to be another."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<int:pk>/merge/", view, name="claims_speaker_merge"), *super().get_urls()]

    def tools(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        found = super().tools(request, obj)
        if obj.merged_into_id is None and may(request.user, "claims.propose_changes"):
            found.append(("This is the same as…", self._url("merge", obj)))
        return found

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask who they are (GET), show what would move, and propose it (POST)."""
        loser = self._found(request, pk)
        if not may(request.user, "claims.propose_changes"):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else None
        form = MergeForm(sent, initial={"winner": request.GET.get("winner", "")})
        winner: Speaker | None = None
        if request.method == "POST":
            form.full_clean()
            winner = form.cleaned_data.get("winner")
            if winner and "preview" in request.POST:
                form.errors.pop("reason", None)
            elif form.is_valid() and winner and self._proposed(request, form, loser, winner):
                return HttpResponseRedirect(self._url("change", loser))
        shown = merging.preview(loser, winner) if winner else None
        return self._page(request, loser, "merge", "Two speakers who are one", form=form, preview=shown, winner=winner)

    def _proposed(self, request: HttpRequest, form: MergeForm, loser: Speaker, winner: Speaker) -> bool:
        try:
            with self.at_work(request):
                merging.propose(loser, winner, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
            return False
        self.message_user(request, PROPOSED, messages.SUCCESS)
        return True
