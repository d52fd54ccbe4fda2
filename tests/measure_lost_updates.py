"""Lost updates: 1,000 rounds in which eight editors save one form at once; exactly one of them may win each.

    DATABASE_URL=… SECRET_KEY=… SECURE_SSL=0 .venv/bin/python manage.py shell --no-imports \
        --command 'import runpy; runpy.run_path("tests/measure_lost_updates.py", run_name="__main__")'

Every save is a request through the whole site (Django's test client, a thread and a connection for each writer), by the
form as the page sends it: the record and one of its rows. Makes its records in the database that it is given.
"""

import time
from collections import Counter

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.test import Client

from claims.models import Speaker, SpeakerName
from sources.records import new_ref
from tests.claims.admin.writers import WRITERS, one_round

ROUNDS = 1000


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    name = f"writer-{new_ref()}"
    user = User.objects.create_user(name, is_staff=True)
    may = ["view_speaker", "change_speaker", "view_speakername", "change_speakername"]
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="claims", codename__in=may))
    speaker = Speaker.objects.create(name=name, slug=name, kind="person")
    SpeakerName.objects.create(speaker=speaker, text="before", language="en", kind="official")
    clients = [Client() for _ in range(WRITERS)]
    for client in clients:
        client.force_login(user)

    def stored() -> list[str]:
        now = Speaker.objects.prefetch_related("names").get(pk=speaker.pk)
        return [now.description, *(each.text for each in now.names.all())]

    began = time.perf_counter()
    path, fields = f"/admin/claims/speaker/{speaker.pk}/change/", ["description", "names-0-text"]
    winners: Counter[int] = Counter()
    for number in range(1, ROUNDS + 1):
        winners[one_round(clients, path, fields, stored, number)] += 1
        if number % 100 == 0:
            print(number, dict(winners), flush=True)
    taken = time.perf_counter() - began
    print(f"{ROUNDS} rounds × {WRITERS} writers: winners a round → rounds {dict(winners)}; {taken:.0f} s")
    print("exactly one winner each" if winners == {1: ROUNDS} else "LOST UPDATES")


if __name__ == "__main__":
    main()
