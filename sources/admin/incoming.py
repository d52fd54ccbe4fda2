"""The desk's way in: “Bring in a source”, and a new copy of one that is known.

Page one takes a paste, a file or an address; page two shows the text with a form for each source that it holds. Both
are one address, and nothing is stored before “Keep”: until then everything travels in the form.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sources.admin.parts import as_typed, count, cut, shown, unanswered
from sources.choices import SourceState
from sources.desk import DeskAdmin
from sources.forms import short
from sources.intake import ArrivalForm, Arrived, CopyForm, Note, PartForm, pasted
from sources.keeping import keep, kept
from sources.models import Capture, Outlet, Source
from sources.refusals import enforced
from sources.uploads import takes_files, was_too_large

PART_FIELDS = ["title", "byline", "outlet", "kind", "url", "locator", "language"]


class BringsIn(DeskAdmin):
    """What the room of sources does with texts that are no captures yet."""

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("bring/", guarded(takes_files(self.bring_view)), name="sources_source_bring"),
            path("<int:pk>/copy/", guarded(takes_files(self.copy_view)), name="sources_source_copy"),
            *super().get_urls(),
        ]

    def bring_view(self, request: HttpRequest) -> HttpResponse:
        """Sources that are new."""
        if not (self.has_add_permission(request) and request.user.has_perm("sources.add_capture")):
            raise PermissionDenied
        if request.method != "POST":
            return self._page_one(request, ArrivalForm())
        if "parts" not in request.POST:
            form = self._arrival(request)
            came = self._came(form)
            if came is None:
                return self._page_one(request, form)
            return self._page_two(request, [self._part(request, initial=came.initial)])
        numbers = range(count(request.POST))
        try:
            pieces = cut(request.POST)
        except ValueError as error:
            return self._page_two(request, [self._shown_again(request, number) for number in numbers], str(error))
        if any(len(piece) > 1 for piece in pieces):
            return self._page_two(request, self._parted(request, pieces))
        forms = [self._part(request, request.POST, number) for number in numbers]
        wrong = [form for form in forms if not form.is_valid()]
        if wrong or "_look" in request.POST:
            return self._page_two(request, forms)
        if question := unanswered(request.POST):
            return self._page_two(request, forms, question, undecided=True)
        return self._keep_all(request, forms)

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One more copy of a source that is known."""
        source = get_object_or_404(Source.objects.select_related("outlet"), pk=pk)
        if not (self.has_change_permission(request, source) and request.user.has_perm("sources.add_capture")):
            raise PermissionDenied
        if request.method != "POST":
            return self._page_one(request, ArrivalForm(initial={"address": source.url}), source)
        if "parts" not in request.POST:
            arrival = self._arrival(request)
            came = self._came(arrival)
            if came is None:
                return self._page_one(request, arrival, source)
            if same := kept(source, came.text):
                return self._kept(request, [(same, False)])
            latest = source.captures.defer("text", "excerpt_map").first()
            rights = {"rights": latest.rights} if latest else {}
            return self._page_two(request, [CopyForm(initial=rights | came.initial, prefix="part-0")], source=source)
        form = CopyForm(request.POST, prefix="part-0")
        if form.is_valid() and "_look" not in request.POST:
            try:
                with self.at_work(request):
                    capture, new = keep(source, form.cleaned_data["text"], **form.kept_as())
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return self._kept(request, [(capture, new)])
        return self._page_two(request, [form], source=source)

    # --- Page one ----------------------------------------------------------------------------------------------------

    def _arrival(self, request: HttpRequest) -> ArrivalForm:
        # The form is read before its files are asked for: only then is it known whether they were too large.
        data, files = request.POST, request.FILES
        return ArrivalForm(data, files, too_large=was_too_large(request))

    def _came(self, form: ArrivalForm) -> Arrived | None:
        """What came in; None where nothing did, and then the form says why."""
        return form.arrive() if form.is_valid() else None

    def _page_one(self, request: HttpRequest, form: ArrivalForm, source: Source | None = None) -> HttpResponse:
        context = self._context(request, source) | {"form": form}
        return TemplateResponse(request, "admin/sources/bring.html", context)

    def _context(self, request: HttpRequest, source: Source | None) -> dict[str, Any]:
        title = f"New copy of “{short(source.title, 60)}”" if source else "Bring in a source"
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "source": source}

    # --- Page two ----------------------------------------------------------------------------------------------------

    def _part(self, request: HttpRequest, data: Any = None, number: int = 0, initial: Any = None) -> PartForm:
        form: type[PartForm] = self.get_form(request, fields=PART_FIELDS, form=PartForm)
        return form(
            data,
            prefix=f"part-{number}",
            initial=initial,
            sees=lambda source: self.has_view_permission(request, source),
            changes=lambda source: self.has_change_permission(request, source),
        )

    def _shown_again(self, request: HttpRequest, number: int) -> PartForm:
        return self._part(request, number=number, initial=as_typed(request.POST, number))

    def _parted(self, request: HttpRequest, pieces: list[list[str]]) -> list[PartForm]:
        """A form for each piece: the first of a text keeps what was typed, the others begin with proposals of their own
        and what a neighbour on the same page has in common."""
        initials: list[dict[str, Any]] = []
        for number, piece in enumerate(pieces):
            before = as_typed(request.POST, number) | {"places": [], "line": ""}
            note = Note.read(before.get("origin", ""))
            if note and not note.fits(before.get("text", "")):
                note = None
            for place, text in enumerate(piece):
                came = pasted(text)
                own = note.of(text) if note else came.note
                if len(piece) == 1:
                    initials.append(before)
                elif place == 0:
                    initials.append(before | {"text": text, "origin": own.signed()})
                else:
                    shared = {name: before[name] for name in ("outlet", "new_outlet", "rights") if before.get(name)}
                    told = replace(own, origins=came.note.origins)
                    initials.append(came.proposed | shared | {"text": text, "origin": told.signed()})
        return [self._part(request, number=number, initial=initial) for number, initial in enumerate(initials)]

    def _page_two(
        self,
        request: HttpRequest,
        forms: list[Any],
        problem: str = "",
        source: Source | None = None,
        *,
        undecided: bool = False,
    ) -> HttpResponse:
        copies = self.admin_site.get_model_admin(Capture).has_view_permission(request)
        context = self._context(request, source) | {
            "parts": [shown(form, source, number, copies=copies) for number, form in enumerate(forms)],
            "problem": problem,
            "undecided": undecided,
            "wrong": any(form.errors for form in forms),
            "media": sum((form.media for form in forms), self.media),
        }
        return TemplateResponse(request, "admin/sources/incoming.html", context)

    # --- Keeping -----------------------------------------------------------------------------------------------------

    def _keep_all(self, request: HttpRequest, forms: list[PartForm]) -> HttpResponse:
        """Every source and capture of the page, or none."""
        made: list[tuple[Capture, bool]] = []
        form = forms[0]
        try:
            with enforced(), self.at_work(request):
                for form in forms:
                    source = form.twin if form.twin and form.wants_copy else self._made(request, form)
                    made.append(keep(source, form.cleaned_data["text"], **form.kept_as()))
        except ValidationError as error:
            form.add_error(None, error)
            return self._page_two(request, forms)
        return self._kept(request, made)

    def _made(self, request: HttpRequest, form: PartForm) -> Source:
        if form.outlet_to_make:
            # Two texts of one page may name the same new outlet.
            outlet = Outlet.objects.filter(name__iexact=form.outlet_to_make.name).first()
            if outlet is None:
                if not request.user.has_perm("sources.add_outlet"):
                    raise ValidationError("You may not make outlets; choose one that is there.")
                outlet = form.outlet_to_make
                outlet.save()
            form.instance.outlet = outlet
        source: Source = form.save()
        self.log_addition(request, source, "Brought in.")
        return source

    def _kept(self, request: HttpRequest, captures: list[tuple[Capture, bool]]) -> HttpResponse:
        """Say what was written and what was kept before, and go where the editor may look at it."""
        new = [capture for capture, is_new in captures if is_new]
        if new:
            changed = any(each.source.state == SourceState.CHANGED for each in new)
            words = "Kept: {}. The source is marked as changed." if changed else "Kept: {}."
            links = _links((each, short(each.source.title)) for each in new)
            self.message_user(request, format_html(words, links), messages.SUCCESS)
        if same := [capture for capture, is_new in captures if not is_new]:
            words = (
                "This text is kept already, so nothing was written for it: {}."
                if new
                else "Nothing was written: this text is kept already, in {}."
            )
            links = _links(
                (each, f"the copy of “{short(each.source.title)}” of {each.captured_at:%Y-%m-%d %H:%M} UTC")
                for each in same
            )
            self.message_user(request, format_html(words, links), messages.INFO)
        if not self.has_view_or_change_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if len({capture.source_id for capture, _ in captures}) > 1:
            return HttpResponseRedirect(reverse("admin:sources_source_changelist"))
        return HttpResponseRedirect(reverse("admin:sources_source_change", args=[captures[0][0].source_id]))


def _links(captures: Iterable[tuple[Capture, str]]) -> SafeString:
    rows = ((reverse("admin:sources_capture_change", args=[each.pk]), words) for each, words in captures)
    return format_html_join(", ", '<a href="{}">{}</a>', rows)
