"""The rooms of claims: rules in an editor's words, and the steps from draft to published to withdrawn.

A status is never a field of a form. Each step is a button that calls its service; publishing and withdrawing ask once
more, on a page that shows what readers will see or lose.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims import services
from claims.choices import Status
from claims.forms.checking import cautions_of
from sources.desk import DeskAdmin, DeskInline, short

__all__ = ["DeskInline", "RecordAdmin", "short"]


@dataclass(frozen=True)
class Step:
    """One step of a record's life, as buttons and pages name it."""

    name: str
    button: str
    done: str
    asks: bool
    service: Any


STEPS = {
    step.name: step
    for step in (
        Step("publish", "Publish", "Published: readers see it now.", True, services.publish),
        Step("submit", "Submit for review", "Handed to a second reader.", False, services.submit),
        Step("return", "Return to draft", "Returned to draft.", False, services.send_back),
        Step("release", "Show again", "Shown to readers again.", True, services.release),
    )
}

_STATE = {
    Status.DRAFT: "Draft: readers do not see this.",
    Status.IN_REVIEW: "In review: readers do not see this yet.",
    Status.PUBLISHED: "Published: readers see this now; a save changes the public page.",
    Status.WITHDRAWN: "Withdrawn: readers see only that it was there.",
}


_HELD = "Held back: it is published, and readers do not see it until you decide."


def _missing(record: Any, step: Step) -> list[services.Gap]:
    if step.name == "release":
        return services.missing_to_release(record)
    return services.missing(record) if step.name == "publish" else []


def steps_from(record: Any) -> list[Step]:
    """The steps that a record can take now; what a failed check holds back can be shown again."""
    held = [STEPS["release"]] if getattr(record, "held_since", None) else []
    return [STEPS[name] for name, (allowed, _, _) in services.STEPS.items() if record.status in allowed] + held


class RecordAdmin(DeskAdmin):
    """A room of records that are published: topics, statements, contradictions."""

    actions = ["publish_them", "submit_them", "return_them"]
    preview_template = ""

    def is_public(self, obj: Any) -> bool:
        return bool(obj.status == Status.PUBLISHED and not getattr(obj, "held_since", None))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What readers have seen is withdrawn, never deleted."""
        if obj is not None and obj.status in {Status.PUBLISHED, Status.WITHDRAWN}:
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description="Status", ordering="status")
    def state(self, obj: Any) -> SafeString:
        held = " (held back)" if getattr(obj, "held_since", None) else ""
        return format_html('<span class="desk-state desk-{}">{}{}</span>', obj.status, obj.get_status_display(), held)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = context.get("original")
        if obj is not None:
            held = getattr(obj, "held_since", None) and obj.status == Status.PUBLISHED
            context["state"] = _HELD if held else _STATE[obj.status]
            context["state_is"] = obj.status
            context["held_reason"] = getattr(obj, "held_reason", "")
            if self.has_change_permission(request, obj) and not context.get("is_popup"):
                context["steps"] = [step for step in steps_from(obj) if step.name != "withdraw"]
        return super().render_change_form(request, context, *args, **kwargs)

    # One record's steps.

    def step_url(self, obj: Any, step: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_step", args=[obj.pk, step])

    def form_url(self, obj: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [path("<int:pk>/step/<str:step>/", view, name=name), *super().get_urls()]

    def step_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Ask (GET, which changes nothing) and do (POST) one step of one record."""
        obj = self.get_queryset(request).filter(pk=pk).first()
        if obj is None or step not in STEPS:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if request.method == "POST":
            return self.take_step(request, obj, STEPS[step])
        return self.ask(request, [obj], STEPS[step])

    def take_step(self, request: HttpRequest, obj: Any, step: Step) -> HttpResponse:
        """Do it, and say what came of it; a refusal lists everything that is missing."""
        try:
            step.service(obj, by=request.user)
        except ValidationError as error:
            for message in error.messages:
                self.message_user(request, f"Not done ({step.button.lower()}): {message}", messages.ERROR)
        else:
            self.message_user(request, step.done, messages.SUCCESS)
        return HttpResponseRedirect(self.form_url(obj))

    def ask(self, request: HttpRequest, records: list[Any], step: Step, **context: Any) -> HttpResponse:
        """The page on which publishing and withdrawing are confirmed."""
        rows = [
            {
                "record": record,
                "url": self.form_url(record),
                "missing": _missing(record, step),
                "cautions": cautions_of(record) if step.name == "publish" else [],
                "possible": step in steps_from(record),
            }
            for record in records
        ]
        one = records[0] if len(records) == 1 else None
        return TemplateResponse(
            request,
            "admin/claims/step.html",
            {
                **self.admin_site.each_context(request),
                "title": f"{step.button}?",
                "opts": self.opts,
                "step": step,
                "rows": rows,
                "one": one,
                "blocked": all(row["missing"] or not row["possible"] for row in rows),
                "preview_template": self.preview_template,
                "back": self.form_url(one)
                if one
                else reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
                **context,
            },
        )

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Save first, then the step that was asked for, so that no typed word is lost on the way."""
        step = STEPS.get(request.POST.get("_step", ""))
        if step is None or IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        if step.asks:
            self.message_user(request, "Saved.", messages.SUCCESS)
            return HttpResponseRedirect(self.step_url(obj, step.name))
        return self.take_step(request, obj, step)

    # Many records' steps.

    def _take_them(self, request: HttpRequest, records: models.QuerySet[Any], step: Step) -> HttpResponse | None:
        """Take a step row by row; say how many and, for each that failed, why."""
        if step.asks and "_confirmed" not in request.POST:
            action = f"{step.name}_them"
            return self.ask(request, list(records), step, action=action, checkbox=ACTION_CHECKBOX_NAME)
        done = 0
        for record in records:
            try:
                step.service(record, by=request.user)
                done += 1
            except ValidationError as error:
                link = format_html('<a href="{}">{}</a>', self.form_url(record), record)
                why = " ".join(error.messages)
                self.message_user(request, format_html("Not done: {}. {}", link, why), messages.ERROR)
        if done:
            noun = self.opts.verbose_name if done == 1 else self.opts.verbose_name_plural
            self.message_user(request, f"{step.button}: {done} {noun}.", messages.SUCCESS)
        return None

    @admin.action(description="Publish…", permissions=["change"])
    def publish_them(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        return self._take_them(request, queryset, STEPS["publish"])

    @admin.action(description="Submit for review", permissions=["change"])
    def submit_them(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        return self._take_them(request, queryset, STEPS["submit"])

    @admin.action(description="Return to draft", permissions=["change"])
    def return_them(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        return self._take_them(request, queryset, STEPS["return"])
