"""What every room of the editor's desk shares: forms that never end in a server error, autocompletes that say enough.

An admin write runs in one transaction that checks the deferred rules before it ends (claims/migrations 0002). What the
database refuses is shown above the same form, with everything the editor typed still in it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR, ActionLocation
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from sources.acting import acting
from sources.forms import DeskForm, short
from sources.records import Line, Words
from sources.refusals import check_now, enforced
from sources.turns_taken import TakesTurns

__all__ = ["DeskAdmin", "DeskInline", "DeskSelect", "DeskSelectMultiple", "short"]


class DeskOptions(AutocompleteJsonView):
    """Autocomplete results with the label that the record's own room gives it."""

    model_admin: Any

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": option_label(self.model_admin, obj)}

    def get_queryset(self) -> Any:
        self.term = self.term.replace("\x00", "")
        return super().get_queryset()


def option_label(room: Any, record: Any) -> str:
    label = getattr(room, "option_label", None)
    return label(record) if label else str(record)


class _Autocomplete(AutocompleteMixin):
    """Autocomplete that keeps its head when the browser sends nonsense for a key."""

    def get_url(self) -> str:
        options = self.field.remote_field.model._meta
        return reverse(f"{self.admin_site.name}:{options.app_label}_{options.model_name}_options")

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        field = self.choices.field
        room = self.admin_site.get_model_admin(self.field.remote_field.model)
        field.label_from_instance = lambda record: option_label(room, record)
        keys = [key for key in value if str(key).isascii() and str(key).isdigit() and len(str(key)) < 19]
        return super().optgroups(name, keys, attr)


class DeskSelect(_Autocomplete, forms.Select):
    pass


class DeskSelectMultiple(_Autocomplete, forms.SelectMultiple):
    pass


class DeskFields:
    """How columns become form fields, in a room and in its inlines alike."""

    # How many lines a text area shows.
    rows: dict[str, int] = {"text": 16, "explanation": 8}

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", DeskSelect(db_field, self.admin_site))  # type: ignore[attr-defined]
        self._narrow(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", DeskSelectMultiple(db_field, self.admin_site))  # type: ignore[attr-defined]
        self._narrow(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _narrow(self, db_field: Any, request: Any, kwargs: dict[str, Any]) -> None:
        """Let a field take only what this user may read of the other room."""
        model, site = db_field.remote_field.model, self.admin_site  # type: ignore[attr-defined]
        choices = getattr(site.get_model_admin(model), "choices", None) if site.is_registered(model) else None
        if choices:
            kwargs.setdefault("queryset", choices(request))

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(db_field, (Line, Words)) and not db_field.choices:
            # Arabic is written from the right without a setting.
            field.widget.attrs.setdefault("dir", "auto")
            if isinstance(field.widget, AdminTextareaWidget):
                field.widget.attrs["rows"] = self.rows.get(db_field.name, 3)
        if isinstance(field, forms.ModelChoiceField) and hasattr(field.widget, "can_delete_related"):
            # The red cross beside a choice deletes the record, not the choice: too easy to take one for the other.
            field.widget.can_delete_related = False
        return field


class DeskRows(forms.BaseInlineFormSet):
    """Rows of a record; one that a colleague changed meanwhile is not taken away unseen either."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if self.can_delete and self._should_delete_form(form) and form.stale:  # type: ignore[attr-defined]
                raise ValidationError(list(form.non_field_errors()))


class DeskInline(DeskFields, admin.StackedInline):
    """Rows inside their record's form. Who may change the record may take its rows away again."""

    extra = 0
    form = DeskForm
    formset = DeskRows
    # The record's form leads to its page, once readers can see it.
    view_on_site = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class DeskAdmin(DeskFields, TakesTurns):
    """One room of the desk."""

    form = DeskForm
    change_form_template = "admin/desk_change_form.html"
    list_per_page = 50
    show_full_result_count = False
    # The name in addresses is given once.
    permanent: tuple[str, ...] = ("slug",)

    class Media:
        css = {"all": ["sources/desk.css"]}
        js = ["admin/js/jquery.init.js", "sources/desk.js"]

    # Who did what when, as HTML for the foot of a record's form; the app that keeps the history puts it here.
    trail: Callable[[HttpRequest, Any], str] = staticmethod(lambda *_: "")
    # The page of every change of a record, deleted or not; that app puts it here too.
    past: Callable[[Any, HttpRequest, str], HttpResponse] | None = None

    @contextmanager
    def at_work(self, request: HttpRequest) -> Iterator[None]:
        """A transaction whose changes are this user's. Of a view within a view the outer one counts.

        A request that only reads has none.
        """
        if request.method != "POST" or getattr(request, "at_work", False):
            yield
            return
        request.at_work = True  # type: ignore[attr-defined]
        try:
            with acting(by=request.user):
                yield
        finally:
            request.at_work = False  # type: ignore[attr-defined]

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: Any = "", extra_context: Any = None
    ) -> Any:
        with self.at_work(request):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        if (obj := context.get("original")) is not None:
            context["trail"] = self.trail(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        past = type(self).past
        return past(self, request, object_id) if past else super().history_view(request, object_id, extra_context)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_options"
        view = self.admin_site.admin_view(DeskOptions.as_view(admin_site=self.admin_site))
        return [path("options/", view, name=name), *super().get_urls()]

    def get_actions(self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST) -> Any:
        """Without deletion in bulk: a record is deleted from its own form, where a refusal can be explained."""
        actions = super().get_actions(request, action_location=action_location)
        actions.pop("delete_selected", None)
        return actions

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Without what no key and no text of ours can be: PostgreSQL would end in an error over it."""
        asked = request.GET.copy()
        for name, values in list(asked.lists()):
            if "\x00" in name or any("\x00" in value for value in values):
                del asked[name]
        if len(asked) < len(request.GET):
            request.GET = asked  # type: ignore[assignment]
            self.message_user(request, "A part of the address makes no sense and was left out.", messages.WARNING)
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        known = [key for key in ticked if key.isascii() and key.isdigit() and len(key) < 19]
        if len(known) < len(ticked):
            sent = request.POST.copy()
            sent.setlist(ACTION_CHECKBOX_NAME, known)
            request.POST = sent  # type: ignore[assignment]
            self.message_user(request, "A record that you ticked is not known here; it was left out.", messages.ERROR)
        with self.at_work(request):
            return super().changelist_view(request, extra_context)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = tuple(super().get_readonly_fields(request, obj))
        names = {field.name for field in self.opts.get_fields()}
        return fields + tuple(name for name in self.permanent if obj and name in names)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The record's page, where it has one that readers can see."""
        return obj.get_absolute_url() if obj and self.is_public(obj) else None

    def is_public(self, obj: Any) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if refused := getattr(request, "refused", None):

            class Refused(form):  # type: ignore[misc,valid-type]
                """The same form once more, with what the database said."""

                def clean(self) -> Any:
                    data = super().clean()
                    self.add_error(None, refused)
                    return data

            return Refused
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        return {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in initial.items()}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.after_rows(request, form, change)
        self.check_rules(request)

    def check_rules(self, request: HttpRequest) -> None:
        """Ask the rules across rows while their answer can still be shown beside the form."""
        check_now()

    def after_rows(self, request: HttpRequest, form: Any, change: bool) -> None:
        """What a room writes once the record and its rows stand."""

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            with enforced(), self.at_work(request):
                return super().delete_view(request, object_id, extra_context)
        except ValidationError as refused:
            self.message_user(request, f"Not deleted. {refused.messages[0]}", messages.ERROR)
            name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))

    def stays(self, request: HttpRequest) -> bool:
        """Whether the editor should land on the saved record's own form."""
        return IS_POPUP_VAR not in request.POST and "_addanother" not in request.POST
