from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims import staff
from claims.roles import ROLES


class Command(BaseCommand):
    help = "Give somebody a role at the desk. A superuser becomes an ordinary user: superusers have no access to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")
        parser.add_argument("roles", nargs="+", metavar="role", choices=ROLES, help=", ".join(ROLES))
        parser.add_argument("--create", action="store_true", help="make the user, with a password that is shown once")

    def handle(self, *args: Any, name: str, roles: list[str], create: bool, **options: Any) -> None:
        person = get_user_model()._default_manager.filter(username=name).first()
        if person is None:
            if not create:
                raise CommandError(f"There is no user {name!r}. Mind capital letters, or add --create to make one.")
            try:
                password = staff.make(name, roles)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            self.stdout.write(
                f"Made {name} with password {password}, which is shown this once. Roles: {', '.join(roles)}."
            )
            return
        if not person.is_active:
            raise CommandError(f"{name!r} is deactivated. An Administrator can activate the account again at the desk.")
        before = ", a superuser until now," if person.is_superuser else ""
        staff.give(person, roles)
        held = ", ".join(sorted(person.groups.values_list("name", flat=True)))
        self.stdout.write(f"{name}{before} has the roles: {held}.")
