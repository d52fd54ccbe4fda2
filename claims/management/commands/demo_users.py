from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from claims import staff

CAST = {
    "admin": "Administrator",
    "contributor": "Contributor",
    "editor": "Editor",
    "publisher": "Publisher",
    "publisher2": "Publisher",
}


class Command(BaseCommand):
    help = "Make a demo user for each role, with random passwords, shown once; leaves existing ordinary users alone."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        lines = []
        for name, role in CAST.items():
            person = get_user_model()._default_manager.filter(username=name).first()
            if person is None:
                lines.append(f"  {role:<13} {name:<11} password {staff.make(name, [role])}")
            elif person.is_superuser:
                staff.give(person, [role])
                lines.append(f"  {role:<13} {name:<11} was a superuser; the password stays")
        if lines:
            lines.insert(0, "Demo users, with passwords that are shown this once:")
        else:
            names = f"{', '.join(list(CAST)[:-1])} and {list(CAST)[-1]}"
            lines = [f"Demo users {names} exist; a new password: make password (or make password ARGS=editor)"]
        self.stdout.write("\n".join(lines))
