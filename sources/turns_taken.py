"""Saving in turns: of two who save one record the second is asked, and one form that comes twice is saved once."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from sources.compared import Saved
from sources.conflicts import Comparison, resolved, stale_among, standing
from sources.records import REF_PATTERN, new_ref
from sources.refusals import explain
from sources.seen import STALE

# The number of one opened form, in every form of the desk; it is kept with what is logged of the save.
OPENED = "_opened"

DELETED = "Somebody deleted this record after you opened it. Nothing of yours is saved; copy what you still need."
NOT_DELETED = "Somebody changed this record after you opened this page, so it is not deleted. Look at it once more."


class TakesTurns(admin.ModelAdmin):
    """A room in which nobody overwrites, deletes or saves twice what was not seen."""

    delete_confirmation_template = "admin/desk_delete.html"

    def changed_by(self, request: HttpRequest, obj: Any) -> Saved | None:
        """Who saved this record last, as far as the desk knows; None where nobody did."""
        content_type = ContentType.objects.get_for_model(self.model, for_concrete_model=False)
        entries = LogEntry.objects.filter(content_type=content_type, object_id=str(obj.pk))
        last = entries.select_related("user").order_by("-action_time", "-pk").first()
        return Saved(last.user.get_username(), last.action_time) if last else None

    # Saving.

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: Any = "", extra_context: Any = None
    ) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        typed = request.POST
        refused: ValidationError | None
        try:
            # What is compared stays as it is until the answer is made.
            with transaction.atomic():
                again = self._came_before(request)
                return again or self._save_or_ask(request, object_id, form_url, extra_context)
        except ValidationError as error:
            refused = error
        except DatabaseError as error:
            if (refused := explain(error)) is None:
                raise
        return self._form_again(request, typed, refused, (object_id, form_url, extra_context))

    def _save_or_ask(self, request: HttpRequest, object_id: Any, form_url: Any, extra: Any) -> Any:
        typed, page = request.POST, (object_id, form_url, extra)
        request.POST = resolved(typed)  # type: ignore[assignment]
        if object_id is not None and self.get_object(request, unquote(object_id)) is None:
            return self._deleted(request, typed)
        response = super().changeform_view(request, object_id, form_url, extra)
        if (found := self._forms(response)) is None:
            return response
        if request.POST is not typed:
            return self._form_again(request, typed, ValidationError(_problems(*found)), page)
        if object_id is not None and stale_among(found[:1], found[1]):
            return self._asked(request, typed, found, page)
        return response

    def _form_again(self, request: HttpRequest, data: QueryDict, refused: ValidationError, page: Any) -> Any:
        """The same form once more, which now knows why it was refused and saves nothing; choices as they were made."""
        response = self._refused(request, data, refused, page)
        if (found := self._forms(response)) is None:
            return response
        if page[0] is not None and stale_among(found[:1], found[1]):
            return self._asked(request, data, found, page, refused.messages)
        if rows := standing(*found, data):
            response.context_data["conflict"] = rows
        return response

    def _refused(self, request: HttpRequest, data: QueryDict, refused: ValidationError, page: Any) -> Any:
        request.POST = data  # type: ignore[assignment]
        request.refused = refused  # type: ignore[attr-defined]
        return super().changeform_view(request, *page)

    def _asked(
        self, request: HttpRequest, typed: QueryDict, found: tuple[Any, list[Any]], page: Any, more: Sequence[str] = ()
    ) -> Any:
        """The form with what both changed put together, and above it the comparison."""
        if (obj := self.get_object(request, unquote(page[0]))) is None:
            return self._deleted(request, typed)
        comparison = self._compare(request, obj, typed, *found)
        problems = [STALE, *(problem for problem in more if problem != STALE)]
        response = self._refused(request, comparison.data, ValidationError(problems), page)
        response.status_code = 409
        response.context_data |= {"conflict": comparison.rows, "saved": self.changed_by(request, obj)}
        return response

    def _forms(self, response: Any) -> tuple[Any, list[Any]] | None:
        """The form and the formsets of a page that came back; None where it did not."""
        context = getattr(response, "context_data", None) or {}
        if "adminform" not in context:
            return None
        for rows in context["inline_admin_formsets"]:
            rows.formset.row_name = rows.opts.verbose_name
        return context["adminform"].form, [rows.formset for rows in context["inline_admin_formsets"]]

    def _compare(self, request: HttpRequest, obj: Any, typed: QueryDict, form: Any, formsets: list[Any]) -> Comparison:
        comparison = Comparison(typed)
        comparison.record(form, type(form)(instance=obj))
        inlines = self.get_formsets_with_inlines(request, obj)
        for formset, (rows, inline) in zip(formsets, inlines, strict=True):
            if inline.has_change_permission(request, obj):
                stored = rows(instance=obj, prefix=formset.prefix, queryset=inline.get_queryset(request))
                comparison.inline(formset, stored)
        return comparison

    def _deleted(self, request: HttpRequest, typed: QueryDict) -> HttpResponse:
        """What was typed into the form of a record that is there no more."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        left = [
            (name.replace("_", " ").replace("-", " "), "\n".join(values))
            for name, values in typed.lists()
            if any(values) and not re.search(r"^_|^csrf|^take-|seen_|new_ref|_FORMS$|-id$|^action$|^initial-", name)
        ]
        context = self.admin_site.each_context(request) | {
            "title": "Deleted meanwhile",
            "opts": self.opts,
            "told": DELETED,
            "left": left,
        }
        return TemplateResponse(request, "admin/desk_deleted.html", context, status=409)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context["opened_form"] = new_ref()
        return super().render_change_form(request, context, *args, **kwargs)

    # One form that comes twice.

    def _came_before(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a form that was saved a moment ago, word for word, as by a double click; else None.

        A second one waits here until the first is saved or refused.
        """
        number = request.POST.get(OPENED, "")
        if not re.fullmatch(REF_PATTERN, number):
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [number])
        content_type = ContentType.objects.get_for_model(self.model, for_concrete_model=False)
        entries = LogEntry.objects.filter(user=request.user.pk, content_type=content_type)
        request.came = f"{number} {_digest(request.POST)}"  # type: ignore[attr-defined]
        entry = entries.filter(change_message__contains=request.came).first()  # type: ignore[attr-defined]
        obj = entry and self.get_object(request, entry.object_id or "")
        if entry is None or obj is None:
            return None
        if entry.is_addition():
            return self.response_add(request, obj)
        # A step that was asked for with the save was taken with it.
        return admin.ModelAdmin.response_change(self, request, obj)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_addition(request, obj, _marked(request, message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_change(request, obj, _marked(request, message))

    # Deleting.

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Delete the version that the page showed; runs inside the transaction of whoever calls it."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return super().delete_view(request, object_id, extra_context)
        if not hasattr(obj, "version"):  # A copy never changes, so there is no older state of it to delete.
            return super().delete_view(request, object_id, extra_context)
        rows = self.model._base_manager.filter(pk=obj.pk).order_by("pk")
        if request.method == "POST":
            rows = rows.select_for_update(no_key=True)
        version = rows.values_list("version", flat=True).first()
        extra = {**(extra_context or {}), "seen_version": version}
        if request.method != "POST" or request.POST.get("seen_version") == str(version):
            return super().delete_view(request, object_id, extra)
        request.POST = QueryDict()
        extra |= {"told": NOT_DELETED, "saved": self.changed_by(request, obj)}
        response = super().delete_view(request, object_id, extra)
        response.status_code = 409
        return response


def _problems(form: Any, formsets: list[Any]) -> list[str]:
    """What is wrong with forms, in sentences that stand by themselves."""
    every = [form, *(row for formset in formsets for row in formset.forms)]
    found = [
        problem if name == "__all__" else f"{one[name].label}: {problem}"
        for one in every
        for name, problems in one.errors.items()
        for problem in problems
    ]
    return found + [problem for formset in formsets for problem in formset.non_form_errors()]


def _digest(data: QueryDict) -> str:
    """The sha256 of all that was typed."""
    sent = sorted((name, values) for name, values in data.lists() if name != "csrfmiddlewaretoken")
    return hashlib.sha256(repr(sent).encode()).hexdigest()


def _marked(request: HttpRequest, message: Any) -> Any:
    came = getattr(request, "came", "")
    return [*message, {"form": came}] if came and isinstance(message, list) else message
