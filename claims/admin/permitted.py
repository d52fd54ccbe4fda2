"""Who sees which record at the desk: lists, choices and forms show what the role may read, and change what it may."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from claims.choices import Status
from claims.roles import may, may_change, readable
from sources.desk import DeskAdmin


def may_read(user: Any, record: Any) -> bool:
    """`claims.roles.readable` for a record at hand, without a query."""
    own = record.created_by_id is not None and record.created_by_id == user.pk
    return own or record.published_at is not None or may(user, "claims.read_drafts")


class ReadableFilter(admin.RelatedFieldListFilter):
    """A filter by a related record that names only those that this user may read."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        ordering = self.field_admin_ordering(field, request, model_admin)
        rows = readable(request.user, field.remote_field.model._default_manager.all())
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to={"pk__in": rows.values("pk")})


class Permitted(DeskAdmin):
    """A room of records that have an author: a draft is its author's own, but for roles that read everybody's."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return readable(request.user, super().get_queryset(request))

    def choices(self, request: HttpRequest) -> QuerySet[Any]:
        return readable(request.user, self.model._default_manager.all())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and (obj is None or may_read(request.user, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of a draft: to edit it. Of what readers have seen: to propose a change of it."""
        if obj is None:
            return super().has_change_permission(request)
        if obj.status == Status.WITHDRAWN:
            return False
        if obj.published_at is None:
            return may_change(request.user, obj)
        return super().has_change_permission(request, obj) and may(request.user, "claims.propose_changes")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What readers have seen is withdrawn, never deleted."""
        if obj is not None and (obj.published_at is not None or not may_read(request.user, obj)):
            return False
        return super().has_delete_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        if obj is not None and not may(request.user, "claims.read_drafts"):
            for name, field in form.base_fields.items():
                # What an editor linked to the author's own draft stays chosen, else a save would drop it unseen.
                if isinstance(rows := getattr(field, "queryset", None), QuerySet):
                    field.queryset = rows | rows.model._default_manager.filter(pk__in=_linked(obj, name))
        return form


def _linked(record: Model, name: str) -> list[Any]:
    """The keys of what a record's field names now."""
    if name not in {field.name for field in record._meta.get_fields()}:
        return []
    value = getattr(record, name)
    if value is None:
        return []
    return [value.pk] if isinstance(value, Model) else list(value.values_list("pk", flat=True))
