"""Who may do what (docs/editing.md): roles are groups, made by migration claims 0006; the database holds them too."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

ROLES = ("Contributor", "Editor", "Publisher", "Importer", "Auditor", "Administrator")

type Person = AbstractBaseUser | AnonymousUser


def may(user: Any, permission: str) -> bool:
    """Whether somebody has a permission such as "claims.approve_records", by a role. A superuser has none of these."""
    return bool(user.is_active and not user.is_superuser and user.has_perm(permission))


def readable(user: Any, records: QuerySet[Any]) -> QuerySet[Any]:
    """Of statements, pairs or topics those that somebody may read at the desk: what is public, and drafts of their own
    or, with that right, everybody's."""
    if may(user, "claims.read_drafts"):
        return records
    return records.filter(created_by=user.pk) | records.filter(published_at__isnull=False)


def reads_notes(user: Any, record: Any) -> bool:
    """Whether somebody may read what editors keep to themselves about a record, also one that readers see: whoever may
    read its drafts may, which are its author and those who read everybody's."""
    return getattr(record, "created_by_id", None) == user.pk or may(user, "claims.read_drafts")


def may_change(user: Any, record: Any) -> bool:
    """Whether somebody may edit this draft: their own, or with the right to read drafts anybody's."""
    permission = f"{record._meta.app_label}.change_{record._meta.model_name}"
    own = record.created_by_id == user.pk or may(user, "claims.read_drafts")
    return may(user, permission) and own
