"""The room for proposals: what would change for readers, who proposes it and why, and what a second person decides."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from claims import corrections, services
from claims.admin.changes import of_rows
from claims.admin.enforced import readable_corrections
from claims.admin.steps import form_of, number
from claims.choices import CorrectionKind, CorrectionState
from claims.history_columns import HIDDEN
from claims.models import Correction, Statement
from claims.roles import may, reads_notes
from sources.desk import DeskAdmin, short
from sources.kept_text import typed


def _rows_for(user: Any, correction: Correction) -> list[dict[str, Any]]:
    """What changes, without the columns that readers never see where this person may not read them either."""
    if correction.proposed_by_id == user.pk or reads_notes(user, correction.subject):
        return correction.rows
    return [
        {**row, **{side: _without(row["table"], row[side]) for side in ("before", "after")}} for row in correction.rows
    ]


def _without(table: str, columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if name not in HIDDEN.get(table, ())}


@admin.register(Correction)
class CorrectionAdmin(DeskAdmin):
    """Proposals are made in the form of their record and decided here; nothing of them is ever edited."""

    list_display = ["what", "kind", "state", "proposed_by", "proposed_at", "decided_by"]
    list_select_related = [
        "statement__speaker",
        "contradiction__first__speaker",
        "contradiction__second__speaker",
        "contradiction__question",
        "topic",
        "speaker",
        "proposed_by",
        "decided_by",
    ]
    list_filter = ["state", "kind"]
    search_fields = ["ref", "reason", "statement__content", "statement__speaker__name", "topic__title", "speaker__name"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        rows = readable_corrections(request.user, super().get_queryset(request))
        first = Case(When(state=CorrectionState.PROPOSED, then=Value(0)), default=Value(1))
        return rows.alias(waits=first).order_by("waits", "-pk")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="What changes")
    def what(self, correction: Correction) -> str:
        return short(str(correction.subject), 70)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decide_view)
        return [path("<int:pk>/decide/", view, name="claims_correction_decide"), *super().get_urls()]

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: Any = "", extra_context: Any = None
    ) -> Any:
        """One proposal, with what can be done with it; nothing is saved at this address."""
        correction = self.get_object(request, object_id) if object_id else None
        if correction is None or request.method == "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, correction):
            raise PermissionDenied
        return self._page(request, correction)

    def _page(
        self, request: HttpRequest, correction: Correction, *, problems: list[str] | None = None, status: int = 200
    ) -> HttpResponse:
        subject = correction.subject
        page = subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else ""
        withdraws = correction.kind == CorrectionKind.WITHDRAWAL
        context = {
            **self.admin_site.each_context(request),
            "title": f"{correction.get_kind_display()} of a {subject._meta.verbose_name}",
            "opts": self.opts,
            "correction": correction,
            "subject": subject,
            "subject_url": form_of(subject),
            "page_url": page,
            "changes": of_rows(_rows_for(request.user, correction)),
            "withdraws": withdraws,
            "pairs": services.pairs_of(subject) if withdraws and isinstance(subject, Statement) else [],
            "problems": problems or [],
            "undone_by": correction.undone_by,
            "trail": self.trail(request, correction),
            "note": request.POST.get("note", ""),
            **self._open_to(request.user, correction),
        }
        return TemplateResponse(request, "admin/claims/proposal.html", context, status=status)

    def _open_to(self, user: Any, correction: Correction) -> dict[str, Any]:
        """Which decisions this person can take, and why not the others."""
        waits = correction.state == CorrectionState.PROPOSED
        own, approves = correction.proposed_by_id == user.pk, may(user, "claims.approve_records")
        why = ""
        if waits and not approves:
            why = "A publisher decides on it."
        elif waits and own and not settings.SINGLE_EDITOR:
            why = "You proposed it, so another publisher must read and approve it."
        gone = corrections.gone(correction)
        if waits and gone:
            why = corrections.GONE
        applied = correction.state == CorrectionState.APPLIED and bool(correction.rows) and not gone
        stays = correction.undone_by is not None or corrections.moves_address(correction.rows)
        return {
            "may_approve": waits and not why,
            "may_decline": waits and approves and not own,
            "may_take_back": waits and own,
            "may_undo": applied and not stays and may(user, "claims.propose_changes"),
            "why_not": why,
        }

    @method_decorator(require_POST)
    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve, decline, take back, or propose to undo."""
        correction = self.get_queryset(request).filter(pk=pk).first()
        if correction is None:
            raise Http404
        if not self.has_view_permission(request, correction):
            raise PermissionDenied
        note = typed(request.POST.get("note", ""))
        decision = request.POST.get("decision", "")
        try:
            with self.at_work(request):
                done, told = self._decide(request, correction, decision, note)
        except ValidationError as error:
            correction = self.get_queryset(request).get(pk=pk)
            return self._page(
                request,
                correction,
                problems=error.messages,
                status=409 if getattr(error, "code", "") == "stale" else 400,
            )
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:claims_correction_change", args=[done.pk]))

    def _decide(self, request: HttpRequest, correction: Correction, decision: str, note: str) -> tuple[Correction, str]:
        if decision == "approve":
            corrections.apply(correction, by=request.user, seen=number(request.POST.get("seen", "")) or 0)
            withdrawn = correction.kind == CorrectionKind.WITHDRAWAL
            return correction, "Approved: withdrawn." if withdrawn else "Approved: readers see it now."
        if decision == "decline":
            if not note and correction.proposed_by_id != request.user.pk:
                raise ValidationError("Say why you decline it; whoever proposed it reads this.", code="note")
            corrections.decline(correction, by=request.user, note=note)
            own = correction.proposed_by_id == request.user.pk
            return correction, "Taken back." if own else "Declined; readers see what they saw."
        if decision == "undo":
            if not note:
                raise ValidationError("Say for readers why it is taken back.", code="note")
            return corrections.propose_undo(
                correction, reason=note, by=request.user
            ), "Proposed; a second person decides."
        raise ValidationError("Choose one of the buttons.", code="decision")
