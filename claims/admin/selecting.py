"""Select to file: what a capture's page shows of its statements, and how selected words reach a statement's form."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.enforced import RecordAdmin
from claims.choices import Status
from claims.forms.selection import PARTS, Selection, asks, left_for_the_form, read_selection
from claims.models import Anchor, Statement
from claims.roles import readable
from sources.admin.captures import CaptureAdmin, Recorded
from sources.choices import Tier
from sources.desk import short
from sources.marking import Mark
from sources.models import Capture

_FOREIGN = "The words were selected in another text, so none were taken over. Choose the capture and select them again."


def _next_step(capture: Capture) -> SafeString:
    url = reverse("admin:claims_statement_add")
    return format_html('<a href="{}?capture={}">Record a statement from this text</a>', url, capture.pk)


def _statements(capture: Capture, user: Any) -> list[Statement]:
    """What stands on a capture and this user may read, withdrawn statements left out, in the order of the text; two
    queries."""
    placed = Prefetch("anchors", Anchor.objects.filter(tier__in=Tier.found()), to_attr="placed")
    statements = readable(user, Statement.objects.filter(capture=capture)).exclude(status=Status.WITHDRAWN)
    rows = list(statements.select_related("speaker").defer("search").prefetch_related(placed))
    return sorted(rows, key=lambda row: (min((anchor.start for anchor in row.placed), default=0), row.pk))


def _recorded(request: HttpRequest, capture: Capture) -> list[Recorded]:
    """What stands on a capture, drafts too: nothing for who may see the capture but no statement."""
    if not admin.site.get_model_admin(Statement).has_view_permission(request):
        return []
    return [
        Recorded(
            title=f"{statement.speaker.name}: {short(statement.content)}",
            url=reverse("admin:claims_statement_change", args=[statement.pk]),
            state=statement.get_status_display().lower(),
            marks=[Mark(anchor.start, anchor.end, anchor.part) for anchor in statement.placed],  # type: ignore[attr-defined]
        )
        for statement in _statements(capture, request.user)
    ]


def _panel(request: HttpRequest, capture: Capture) -> str:
    """The tool that collects selected words for a new statement or one that stands."""
    room = admin.site.get_model_admin(Statement)
    if not room.has_add_permission(request):
        return ""
    return render_to_string(
        "admin/claims/_selecting.html",
        {
            "capture": capture,
            "parts": PARTS,
            "add_url": reverse("admin:claims_statement_add"),
            "settle_url": reverse("admin:claims_statement_selected"),
            "records": _recorded(request, capture) if room.has_change_permission(request) else [],
        },
    )


CaptureAdmin.next_step = staticmethod(_next_step)
CaptureAdmin.parts = {part.name: part.label for part in PARTS}
CaptureAdmin.recorded = staticmethod(_recorded)
CaptureAdmin.beside = staticmethod(_panel)


class SelectingAdmin(RecordAdmin):
    """A room whose form takes words that were selected in a captured text: by its address, or beside the text."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        return {name: value for name, value in initial.items() if left_for_the_form(name, value)}

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if "content" in form.fields:
            context["parts"] = PARTS
            context["settle_url"] = reverse("admin:claims_statement_selected")
            if form.is_bound:
                context["places"] = _posted(form)
            elif asks(request.GET):
                self._take_over(request, context, form)
        return super().render_change_form(request, context, *args, **kwargs)

    def _take_over(self, request: HttpRequest, context: Any, form: Any) -> None:
        """Show the selected words in the form, unsaved, and what they would take the place of."""
        capture = context.get("captured")
        if capture is None or request.GET.get("capture", str(capture.pk)) != str(capture.pk):
            self.message_user(request, _FOREIGN, messages.WARNING)
            return
        selection = read_selection(request.GET, capture)
        for problem in selection.problems:
            self.message_user(request, problem, messages.WARNING)
        context["places"] = selection.places().items()
        context["selected"] = _compared(selection, form)
        form.initial.update(selection.initial())
        for part in selection.passages:
            # A choice of places that was made for other words.
            form.fields[part.field].widget.places = []

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.selected_view)
        return [path("selected/", view, name="claims_statement_selected"), *super().get_urls()]

    def selected_view(self, request: HttpRequest) -> JsonResponse:
        """The passages that a selection means, as `read_selection` settles them; what could not be read is said."""
        captures = self.admin_site.get_model_admin(Capture)
        if not (self.has_view_permission(request) and captures.has_view_permission(request)):
            raise PermissionDenied
        key = request.GET.get("capture", "")
        capture = Capture.objects.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
        if capture is None:
            raise Http404
        selection = read_selection(request.GET, capture)
        passages = {
            part.name: [{"words": one.words, "start": one.span.start, "end": one.span.end} for one in found if one.span]
            for part, found in selection.passages.items()
        }
        return JsonResponse({"passages": passages, "problems": selection.problems})


def _posted(form: Any) -> list[tuple[str, str]]:
    """The places that a form that comes back was sent with."""
    return [(name, value) for name, value in form.data.items() if any(part.posted(name) for part in PARTS)]


def _compared(selection: Selection, form: Any) -> list[tuple[str, str, str]]:
    """Each part that was selected: its name, the words now in the form, the stored ones that a save would replace."""
    stored = {part: str(form.initial.get(part.field) or "") for part in selection.passages}
    chosen = selection.initial()
    return [(part.label, chosen[part.field], stored[part]) for part in selection.passages]
