"""Saving what readers see: the form is tried as if a second person had approved it, and kept as a proposal.

Django's own save runs inside `corrections.trying`, so that inlines, places of words and links between records work as
in any form; what it changed is read from the history, and all of it is taken back.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from claims import corrections, typos
from claims.choices import CorrectionKind
from claims.forms.correcting import FIELDS, KINDS, with_reason
from claims.models import Correction
from claims.public_changes import public_changes
from claims.roles import may, reads_notes
from sources.desk import DeskAdmin
from sources.kept_text import typed as cleaned

PROPOSED = "Proposed; a second person must approve it."
APPLIED = "Changed: readers see it now, with your reason."
APPLIED_UNTOLD = "Changed; readers see nothing of it."
NOT_TOLD = "A change of what readers do not see."
_UNKNOWN = "…"  # Stands for the reason while only what would change is asked.


def _without_note(sets: Any) -> list[tuple[Any, dict[str, Any]]]:
    return [(title, {**told, "fields": [name for name in told["fields"] if name != "note"]}) for title, told in sets]


class _Unfinished(Exception):
    """The form came back, so nothing is to be proposed yet."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


class _Unchanged(Exception):
    """The form was saved, and every row is as it was."""


class Corrects(DeskAdmin):
    """A room in which a change of what readers see is proposed."""

    def opened_by(self, obj: Any) -> Sequence[Any]:
        """The records that readers see and that a change of this row changes, the first of them its subject."""
        return ()

    def proposes(self, request: HttpRequest, obj: Any) -> bool:
        """Whether a save of this row is a proposal; also while it is tried, when the record is open."""
        if getattr(request, "trying", None) is not None:
            return True
        return bool(obj is not None and self.opened_by(obj)) and self.has_change_permission(request, obj)

    # The form.

    def own_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fieldsets of the room, without the two questions."""
        return super().get_fieldsets(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = []
        if obj is not None and self.proposes(request, obj):
            told = "Needed when you change something: readers see both beside what changed."
            asked = [("What readers are told", {"fields": FIELDS, "description": told, "classes": ["desk-asked"]})]
        sets = self.own_fieldsets(request, obj)
        if obj is not None and not reads_notes(request.user, obj):
            sets = [(title, told) for title, told in _without_note(sets) if told["fields"]]
        return [*sets, *asked]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if change and self.proposes(request, obj):
            kwargs["form"] = with_reason(kwargs.get("form", self.form))
        return super().get_form(request, obj, change=change, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = context.get("original")
        if obj is not None and self.proposes(request, obj) and not context.get("is_popup"):
            context["proposes"] = True
            context["proposes_at_once"] = settings.SINGLE_EDITOR and may(request.user, "claims.approve_records")
        return super().render_change_form(request, context, *args, **kwargs)

    # Saving.

    def check_rules(self, request: HttpRequest) -> None:
        """While a change is tried its record is open, which the rules allow only until the trial ends."""
        if getattr(request, "trying", None) is None:
            super().check_rules(request)

    def message_user(
        self,
        request: HttpRequest,
        message: Any,
        level: int | str = messages.INFO,
        extra_tags: str = "",
        fail_silently: bool = False,
    ) -> None:
        """Of a trial only what warns is worth telling."""
        if (held := getattr(request, "trying", None)) is None:
            super().message_user(request, message, level, extra_tags, fail_silently)
        elif level in {messages.WARNING, messages.ERROR}:
            held.append((message, level))

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: Any = "", extra_context: Any = None
    ) -> Any:
        obj = self.get_object(request, unquote(object_id)) if request.method == "POST" and object_id else None
        if obj is None or not self.proposes(request, obj):
            return super().changeform_view(request, object_id, form_url, extra_context)
        subject = self.opened_by(obj)[0]
        with self.at_work(request):
            # Of one form that is sent twice the second waits here.
            type(subject)._base_manager.select_for_update(no_key=True).get(pk=subject.pk)
            return self._propose(request, obj, (object_id, form_url, extra_context))

    def _propose(self, request: HttpRequest, obj: Any, page: Any) -> HttpResponse:
        typed, opened = request.POST, self.opened_by(obj)
        kind = typed.get("correction_kind", "")
        reason = cleaned(typed.get("correction_reason", ""))
        kind = kind if kind in KINDS else ""
        request.trying = []  # type: ignore[attr-defined]
        try:
            rows = self._tried(request, opened, kind or CorrectionKind.CORRECTION, reason or _UNKNOWN, page)
        except _Unfinished as unfinished:
            return unfinished.response
        except _Unchanged:
            rows = []
        except ValidationError as refused:
            request.trying = None  # type: ignore[attr-defined]
            return self._form_again(request, typed, refused, page)
        finally:
            told, request.trying = request.trying or [], None  # type: ignore[attr-defined]
            for message, level in told:
                self.message_user(request, message, level)
        if not rows:
            self.message_user(request, "Nothing was changed, so there is nothing to propose.", messages.INFO)
            return HttpResponseRedirect(self._here(obj))
        wrong = _unasked(kind, reason, rows)
        if wrong and not public_changes(rows):
            # Readers are told nothing of it, so nothing is asked for them.
            kind, reason, wrong = CorrectionKind.UPDATE, reason or NOT_TOLD, {}
        if wrong:
            return self._form_again(request, typed, ValidationError(wrong), page)
        return self._keep(request, obj, opened[0], kind, reason, rows)

    def _tried(self, request: HttpRequest, opened: Sequence[Any], kind: str, reason: str, page: Any) -> Any:
        with corrections.trying(opened[0], kind=kind, reason=reason, by=request.user, opens=opened) as tried:
            response = super().changeform_view(request, *page)
            if self._forms(response) is not None or response.status_code == 409:
                raise _Unfinished(response)
            if not tried.read():
                raise _Unchanged
        return tried.rows

    def _keep(
        self, request: HttpRequest, obj: Any, subject: Any, kind: str, reason: str, rows: list[Any]
    ) -> HttpResponse:
        came = getattr(request, "came", "")
        kept = LogEntry.objects.filter(user=request.user.pk, content_type=ContentType.objects.get_for_model(Correction))
        if came and kept.filter(change_message__contains=came).exists():
            self.message_user(request, "This was proposed a moment ago; it waits below.", messages.INFO)
            return HttpResponseRedirect(self._here(obj))
        correction = corrections.keep(subject, kind=kind, reason=reason, by=request.user, rows=rows)
        LogEntry.objects.log_actions(
            user_id=request.user.pk,  # type: ignore[arg-type]
            queryset=[correction],
            action_flag=ADDITION,
            change_message=[{"added": {}}, *([{"form": came}] if came else [])],
        )
        if settings.SINGLE_EDITOR and may(request.user, "claims.approve_records"):
            corrections.apply(correction, by=request.user)
            self.message_user(request, APPLIED if correction.changes else APPLIED_UNTOLD, messages.SUCCESS)
        else:
            url = reverse("admin:claims_correction_change", args=[correction.pk])
            self.message_user(
                request, format_html('{} <a href="{}">See the proposal</a>', PROPOSED, url), messages.SUCCESS
            )
        return HttpResponseRedirect(self._here(obj))

    def _here(self, obj: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])


def _unasked(kind: str, reason: str, rows: list[Any]) -> dict[str, list[str]]:
    """What is wrong with the answers to the two questions, by field."""
    wrong: dict[str, list[str]] = {}
    if not kind:
        wrong["correction_kind"] = ["Choose what kind of change this is; readers are told."]
    elif kind == CorrectionKind.TYPO and (more := typos.refused(rows)):
        wrong["correction_kind"] = more
    if not reason:
        wrong["correction_reason"] = ["Say for readers why it changes."]
    return wrong
