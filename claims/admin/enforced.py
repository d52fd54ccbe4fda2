"""The rooms of records: who may, which step comes next, and what becomes of a change of what readers see."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims import services
from claims.admin.correcting import Corrects
from claims.admin.steps import HOLD, PUBLISH, RELEASE, RETURN, STEPS, WITH_A_SAVE, WITHDRAW, TakesSteps, steps_for
from claims.admin.trails import saved
from claims.choices import CorrectionState, Status
from claims.roles import may, reads_notes
from sources.compared import Saved
from sources.desk import DeskInline, short

__all__ = ["DeskInline", "RecordAdmin", "short"]

_STATE = {
    Status.DRAFT: "Draft: readers do not see this.",
    Status.IN_REVIEW: "In review: readers do not see this yet.",
    Status.PUBLISHED: "Published: readers see this now.",
    Status.WITHDRAWN: "Withdrawn: readers see only that it was there.",
}
_HELD = "Held back: it is published, and readers do not see it until a publisher decides."
_PROPOSES = "What you change here is proposed; readers see it once a second person has approved it."
_AT_ONCE = "Single-editor mode: what you change here is published at once, without a second reader."


class RecordAdmin(Corrects, TakesSteps):
    """A room of records that are published: topics, statements, contradictions."""

    def opened_by(self, obj: Any) -> list[Any]:
        return [obj] if obj.status == Status.PUBLISHED else []

    def is_public(self, obj: Any) -> bool:
        return bool(obj.status == Status.PUBLISHED and not getattr(obj, "held_since", None))

    def changed_by(self, request: HttpRequest, obj: Any) -> Saved | None:
        """As the history has it, which knows of every hand."""
        return saved(obj)

    @admin.display(description="Status", ordering="status")
    def state(self, obj: Any) -> SafeString:
        held = " (held back)" if getattr(obj, "held_since", None) else ""
        return format_html('<span class="desk-state desk-{}">{}{}</span>', obj.status, obj.get_status_display(), held)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = context.get("original")
        if obj is not None:
            context |= self._standing(request, obj, popup=bool(context.get("is_popup")))
        return super().render_change_form(request, context, *args, **kwargs)

    def _standing(self, request: HttpRequest, obj: Any, *, popup: bool) -> dict[str, Any]:
        """Where the record stands, what this person can do with it, and what is proposed or was corrected."""
        proposes = self.proposes(request, obj)
        # While a change is tried its record is open.
        status = Status.PUBLISHED if proposes else obj.status
        held = getattr(obj, "held_since", None) and status == Status.PUBLISHED
        found = steps_for(obj, request.user) if not popup and status == obj.status else []
        corrections = obj.corrections.order_by("-pk").select_related("proposed_by", "decided_by")
        told = []
        if proposes:
            at_once = settings.SINGLE_EDITOR and may(request.user, "claims.approve_records")
            told.append(_AT_ONCE if at_once else _PROPOSES)
        elif (
            status in services.STEPS["publish"][0]
            and PUBLISH not in found
            and may(request.user, "claims.approve_records")
        ):
            told += [gap.says for gap in services.not_allowed(obj, "publish", by=request.user)]
        return {
            "state": _HELD if held else _STATE[Status(status)],
            "state_is": status,
            "state_told": told,
            "held_reason": getattr(obj, "held_reason", "") if reads_notes(request.user, obj) else "",
            "steps": [step for step in WITH_A_SAVE if step in found and self.has_change_permission(request, obj)],
            "step_links": [
                (f"{step.button}…", self.step_url(obj, step.name))
                for step in (RETURN, HOLD, RELEASE, WITHDRAW)
                if step in found
            ],
            "preview_url": self.step_url(obj, PUBLISH.name) if status in services.STEPS["publish"][0] else "",
            "waiting": list(readable_corrections(request.user, corrections.waiting())),
            "corrections": corrections.filter(state=CorrectionState.APPLIED),
        }

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Save first, then the step that was asked for, so that no typed word is lost on the way."""
        step = STEPS.get(request.POST.get("_step", ""))
        if step not in WITH_A_SAVE or IS_POPUP_VAR in request.POST or getattr(request, "trying", None) is not None:
            return super().response_change(request, obj)
        if step.asks:
            self.message_user(request, "Saved.", messages.SUCCESS)
            return HttpResponseRedirect(self.step_url(obj, step.name))
        return self.take_step(request, obj, step)


def readable_corrections(user: Any, rows: Any) -> Any:
    """Of proposals those that somebody may read: the own, and with the right to read drafts everybody's."""
    if may(user, "claims.read_drafts"):
        return rows
    return rows.filter(proposed_by=user.pk) | rows.filter(state=CorrectionState.APPLIED)
