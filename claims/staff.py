"""Accounts and their roles, as commands give them; at the desk an Administrator does (config/admin.py)."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User

from claims.roles import ROLES
from sources.acting import acting


class NoSuchRole(Exception):
    """A role's name that is none; the message says which there are."""


def give(person: User, names: Sequence[str]) -> None:
    """Add roles to somebody, who may then sign in to the desk; a superuser becomes an ordinary user."""
    if unknown := sorted(set(names) - set(ROLES)):
        raise NoSuchRole(f"There is no role {', '.join(unknown)}; the roles are {', '.join(ROLES)}.")
    with acting(reason=f"Gave {', '.join(names)}."):
        person.is_staff, person.is_superuser = True, False
        person.save(update_fields=["is_staff", "is_superuser"])
        person.user_permissions.clear()
        person.groups.add(*Group.objects.filter(name__in=names))


def make(name: str, roles: Sequence[str]) -> str:
    """An account with these roles; its random password, which is kept nowhere.

    Raises ValidationError where the name cannot be one.
    """
    password = secrets.token_urlsafe(15)
    people: Any = get_user_model()._default_manager
    with acting(reason="Made the account."):
        person = User(username=User.normalize_username(name))
        person.set_password(password)
        person.full_clean()
        person.save()
        give(people.get(pk=person.pk), roles)
    return password
