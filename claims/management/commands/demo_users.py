import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction

GROUP = "Editors"
MAY = ("view", "add", "change")


class Command(BaseCommand):
    help = "Make a demo administrator and a demo editor with random passwords, shown once; leaves existing users alone."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        editors = self._editors()
        users = get_user_model()._default_manager
        made = []
        for name, role in (("admin", "administrator"), ("editor", "editor")):
            if users.filter(username=name).exists():
                continue
            password = secrets.token_urlsafe(12)
            if name == "admin":
                get_user_model().objects.create_superuser(name, password=password)
            else:
                get_user_model().objects.create_user(name, password=password, is_staff=True).groups.add(editors)
            made.append(f"  {role:<14} {name:<7} password {password}")
        if made:
            lines = ["Demo users, with passwords that are shown this once:", *made]
        else:
            lines = ["Demo users admin and editor exist; a new password: make password (or make password ARGS=editor)"]
        self.stdout.write("\n".join(lines))

    def _editors(self) -> Group:
        """The group that may see, add and change every record, and delete none.

        Permissions are given only when the group is made: what an administrator took away later stays away.
        """
        group, new = Group.objects.get_or_create(name=GROUP)
        if new:
            permissions = Permission.objects.filter(content_type__app_label__in=("sources", "claims"))
            group.permissions.set(
                permission for permission in permissions if permission.codename.partition("_")[0] in MAY
            )
        return group
