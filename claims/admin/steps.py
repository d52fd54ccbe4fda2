"""The steps of a record's life as buttons and pages: submit, read and publish, return, hold back, show again, withdraw.

Each calls its service. Publishing is approved on the page that readers would get, for the version that was read there;
steps that need a reason ask for it on a page of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ActionLocation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from claims import corrections, services
from claims.admin import changes
from claims.admin.permitted import Permitted
from claims.choices import CorrectionKind, Status
from claims.forms.checking import cautions_of
from claims.models import Event, Statement
from claims.roles import may
from sources.kept_text import typed


@dataclass(frozen=True)
class Step:
    """One step: its name in addresses, its button, what is said when it is done, the right that it needs.

    intro: what its page says above the record; "" for a step that asks nothing. reason: what to ask for, "" for none.
    """

    name: str
    button: str
    done: str
    right: str
    intro: str = ""
    reason: str = ""

    @property
    def asks(self) -> bool:
        return bool(self.intro)


PUBLISH = Step("publish", "Publish", "Published: readers see it now.", "approve_records", "Readers will see this.")
SUBMIT = Step("submit", "Submit for review", "Handed to a second reader.", "submit_records")
RETURN = Step(
    "return",
    "Return to draft",
    "Returned to draft.",
    "submit_records",
    "It goes back to its editor as a draft.",
    "What is to be done before it can be published? It is kept in the record's history.",
)
HOLD = Step(
    "hold",
    "Hold back now",
    "Held back: readers do not see it until a publisher shows it again.",
    "approve_records",
    "Readers will not see this, or the pairs that rest on it, until a publisher shows it again.",
    "Why? Editors see this on the record and in the queue.",
)
RELEASE = Step(
    "release", "Show again", "Shown to readers again.", "approve_records", "Readers will see this again as it stands."
)
WITHDRAW = Step(
    "withdraw",
    "Propose withdrawal",
    "Proposed; a second person must approve it. Until then readers see it: hold it back if it cannot wait.",
    "propose_changes",
    "Readers will no longer see this, only that it was there, when it went and why. That is never taken back.",
    "Reason for readers: it stands at the record's address for ever.",
)
STEPS = {step.name: step for step in (PUBLISH, SUBMIT, RETURN, HOLD, RELEASE, WITHDRAW)}
# Which a save can take with it: of a draft.
WITH_A_SAVE = (SUBMIT, PUBLISH)


@dataclass(frozen=True)
class Mend:
    """Something that keeps a record from readers, and where it is mended."""

    says: str
    url: str


def form_of(record: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def mends(gaps: list[services.Gap]) -> list[Mend]:
    return [Mend(gap.says, form_of(gap.record) + (f"#id_{gap.field}" if gap.field else "")) for gap in gaps]


def steps_for(record: Any, user: Any) -> list[Step]:
    """The steps that this person can take with this record now."""
    found = [
        STEPS[name]
        for name, (allowed, _, _) in services.STEPS.items()
        if record.status in allowed and not services.not_allowed(record, name, by=user)
    ]
    if record.status != Status.PUBLISHED:
        return found
    if hasattr(record, "held_since") and may(user, "claims.approve_records"):
        found.append(RELEASE if record.held_since else HOLD)
    waiting = record.corrections.waiting().filter(kind=CorrectionKind.WITHDRAWAL)
    if may(user, "claims.propose_changes") and not waiting.exists():
        found.append(WITHDRAW)
    return found


def why_not(record: Any, step: Step, user: Any) -> list[str]:
    """Why this person cannot take this step, in their own words; [] when they can."""
    if step.name in services.STEPS and record.status in services.STEPS[step.name][0]:
        return [gap.says for gap in services.not_allowed(record, step.name, by=user)]
    if step in steps_for(record, user):
        return []
    return [f"This step does not apply: it is {record.get_status_display().lower()}."]


def missing(record: Any, step: Step) -> list[services.Gap]:
    if step is RELEASE:
        return services.missing_to_release(record)
    return services.missing(record) if step is PUBLISH else []


def changed_since(record: Any, version: int) -> list[tuple[Event, list[changes.Changed]]]:
    """What was done to a record after a version of it: each piece of work with its changes, the newest first."""
    rows = Event.objects.filter(record=record._meta.model_name, record_id=record.pk).order_by("pk")
    last = rows.filter(row_table=record._meta.db_table, row_id=record.pk, to_version__lte=version).last()
    later = rows.filter(pk__gt=last.pk if last else 0).select_related("actor")
    found: dict[Any, list[Event]] = {}
    for event in later:
        found.setdefault((event.at, event.actor_id), []).append(event)
    works = [(events[0], changes.of_events(events)) for events in found.values()]
    return [(event, changed) for event, changed in reversed(works) if changed]


def _take(step: Step, record: Any, *, by: Any, reason: str, seen: int | None) -> None:
    """Call the step's service."""
    services_of: dict[str, Callable[[], Any]] = {
        "publish": lambda: services.publish(record, by=by, seen=seen or 0),
        "submit": lambda: services.submit(record, by=by),
        "return": lambda: services.send_back(record, by=by, reason=reason),
        "hold": lambda: services.hold(record, by=by, reason=reason),
        "release": lambda: services.release(record, by=by),
        "withdraw": lambda: corrections.propose_withdrawal(record, reason=reason, by=by),
    }
    services_of[step.name]()


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class TakesSteps(Permitted):
    """A room whose records take steps."""

    actions = ["publish_them", "submit_them"]
    # The record in a few lines, and the page that readers would get, with a bar above it.
    preview_template = ""
    review_template = ""

    def page_of(self, obj: Any) -> dict[str, Any]:
        """What the page for readers shows."""
        raise NotImplementedError

    def step_url(self, obj: Any, step: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_step", args=[obj.pk, step])

    def form_url(self, obj: Any) -> str:
        return form_of(obj)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [path("<int:pk>/step/<str:step>/", view, name=name), *super().get_urls()]

    def step_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Ask (GET, which changes nothing) and do (POST) one step of one record. Whoever may read it may look at it as
        readers would."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_queryset(request).filter(pk=pk).first()
        asked = STEPS.get(step)
        if obj is None or asked is None:
            raise Http404
        looks = asked is PUBLISH and request.method != "POST" and self.has_view_permission(request, obj)
        if not (looks or may(request.user, f"claims.{asked.right}")):
            raise PermissionDenied
        if request.method != "POST":
            return self.ask(request, obj, asked)
        with self.at_work(request):
            return self.take_step(request, obj, asked)

    def take_step(self, request: HttpRequest, obj: Any, step: Step) -> HttpResponse:
        """Do it, and say what came of it; a refusal shows the page once more, with all that is in the way."""
        reason = typed(request.POST.get("reason", ""))
        seen = number(request.POST.get("seen", ""))
        if step in (HOLD, RELEASE) and not hasattr(obj, "held_since"):
            return self.ask(request, obj, step, status=400)
        if step.reason and not reason:
            return self.ask(request, obj, step, status=400, problems=["Give the reason."])
        try:
            _take(step, obj, by=request.user, reason=reason, seen=seen)
        except ValidationError as error:
            obj = self.get_queryset(request).get(pk=obj.pk)
            if getattr(error, "code", "") == "stale" or (step is PUBLISH and seen != obj.version):
                return self.ask(request, obj, step, status=409, seen=seen or 0)
            return self.ask(request, obj, step, status=400, problems=error.messages, reason=reason)
        self.message_user(request, step.done, messages.SUCCESS)
        return HttpResponseRedirect(self.form_url(obj))

    def ask(
        self,
        request: HttpRequest,
        obj: Any,
        step: Step,
        *,
        status: int = 200,
        problems: list[str] | None = None,
        seen: int | None = None,
        reason: str = "",
    ) -> HttpResponse:
        """The page of one step. `seen` is the version that was read, where it is no longer the one that stands."""
        gaps = mends(missing(obj, step))
        told = {gap.says for gap in gaps}
        reasons = why_not(obj, step, request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": step.button,
            "opts": self.opts,
            "step": step,
            "record": obj,
            "missing": gaps,
            # Of what readers see already it is the page alone.
            "reasons": reasons if step is not PUBLISH or obj.status in services.STEPS[PUBLISH.name][0] else [],
            "problems": [] if seen is not None else [p for p in problems or [] if p not in told and p not in reasons],
            "cautions": cautions_of(obj, by=request.user) if step is PUBLISH else [],
            "others": [each for each in steps_for(obj, request.user) if step is PUBLISH and each is SUBMIT],
            "submit_url": self.step_url(obj, SUBMIT.name),
            "stale": seen is not None,
            "since": changed_since(obj, seen) if seen is not None else [],
            "reason": reason,
            "pairs": services.pairs_of(obj) if step in (HOLD, WITHDRAW) and isinstance(obj, Statement) else [],
            "preview_template": self.preview_template,
            "preview_url": self.step_url(obj, PUBLISH.name),
            "blocked": bool(gaps or reasons),
            "back": self.form_url(obj),
        }
        if step is PUBLISH:
            context |= self.page_of(obj)
        template = self.review_template if step is PUBLISH else "admin/claims/step.html"
        return TemplateResponse(request, template, context, status=status)

    # Many records' steps.

    def get_actions(self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST) -> Any:
        actions = super().get_actions(request, action_location=action_location)
        for name, step in (("publish_them", PUBLISH), ("submit_them", SUBMIT)):
            if not may(request.user, f"claims.{step.right}"):
                actions.pop(name, None)
        return actions

    @admin.action(description="Publish…")
    def publish_them(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        """Ask on a page that lists them with the version of each, then publish row by row."""
        if "_confirmed" in request.POST:
            self._take_them(request, queryset, PUBLISH)
            return None
        rows = [
            {
                "record": record,
                "url": self.form_url(record),
                "preview_url": self.step_url(record, PUBLISH.name),
                "missing": mends(missing(record, PUBLISH)),
                "reasons": why_not(record, PUBLISH, request.user),
                "cautions": cautions_of(record, by=request.user),
            }
            for record in queryset
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Publish",
            "opts": self.opts,
            "rows": rows,
            "open": [row for row in rows if not row["missing"] and not row["reasons"]],
            "checkbox": ACTION_CHECKBOX_NAME,
            "preview_template": self.preview_template,
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
        }
        return TemplateResponse(request, "admin/claims/publish_many.html", context)

    @admin.action(description="Submit for review")
    def submit_them(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        self._take_them(request, queryset, SUBMIT)

    def _take_them(self, request: HttpRequest, records: models.QuerySet[Any], step: Step) -> None:
        """Take a step row by row; say how many and, for each that failed, why."""
        done = 0
        for record in records:
            try:
                seen = number(request.POST.get(f"seen-{record.pk}", ""))
                _take(step, record, by=request.user, reason="", seen=seen)
                done += 1
            except ValidationError as error:
                link = format_html('<a href="{}">{}</a>', self.form_url(record), record)
                why = " ".join(error.messages)
                self.message_user(request, format_html("Not done: {}. {}", link, why), messages.ERROR)
        if done:
            noun = self.opts.verbose_name if done == 1 else self.opts.verbose_name_plural
            self.message_user(request, f"{step.button}: {done} {noun}.", messages.SUCCESS)
