"""The desk's mails: at most one a day or a week to each person who asked for it, of what waits for their decision.

Plain text, with titles that its reader may read at the desk and nothing else: no note, no reason, no reader's words.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from claims.choices import DigestEvery
from claims.models import Digest
from claims.queues import waiting
from sources.acting import acting

_SALT = "claims.digests.stop"


def begins(every: str, today: date) -> date:
    """The first day of the period in which `today` lies: that day itself, or its Monday."""
    return today - timedelta(days=today.weekday()) if every == DigestEvery.WEEKLY else today


def due(today: date) -> QuerySet[Digest]:
    """Those who asked for a mail and have had none in this period."""
    periods = Q(pk__in=[])
    for every in (DigestEvery.DAILY, DigestEvery.WEEKLY):
        late = Q(sent_for__isnull=True) | Q(sent_for__lt=begins(every, today))
        periods |= Q(every=every) & late
    people = Digest.objects.filter(periods, user__is_active=True, user__is_staff=True).exclude(user__email="")
    return people.order_by("pk")


def send(digest: Digest, today: date) -> bool:
    """Mail one person what waits for them, if something does; whether a mail went out.

    The mail leaves before the transaction ends: a run that is killed in between sends this one again, and no other.
    Raises what the mailer raises; then the next run tries again.
    """
    with transaction.atomic(), acting(origin="manage.py send_digests"):
        locked = due(today).filter(pk=digest.pk).select_for_update(of=("self",), skip_locked=True).first()
        found = waiting(locked.user) if locked else []
        if locked is None or not found:
            return False
        _mail(locked.user, found)
        locked.sent_for = begins(locked.every, today)
        locked.save(update_fields=["sent_for"])
    return True


def _mail(user: Any, found: list[Any]) -> None:
    total = sum(count for _, count, _ in found)
    way_out = settings.SITE_URL + stop_address(user.pk)
    queues = [
        (queue.title, count, [row.label for row in rows], count - len(rows), _list_of(queue.slug))
        for queue, count, rows in found
    ]
    context = {"queues": queues, "desk": settings.SITE_URL + reverse("admin:index"), "way_out": way_out}
    subject = f"{total} {'thing waits' if total == 1 else 'things wait'} for you at the desk"
    headers = {
        "List-Unsubscribe": f"<{way_out}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    EmailMessage(subject, render_to_string("admin/claims/digest.txt", context), to=[user.email], headers=headers).send()


def _list_of(slug: str) -> str:
    return settings.SITE_URL + reverse("desk_queue_list", args=[slug])


# The way out: whoever has the mail can stop the mails, without signing in.


def stop_address(person: int) -> str:
    return reverse("mail_stop", args=[signing.dumps(person, salt=_SALT)])


def stopper(token: str) -> int | None:
    """The key of the person whom this signed token lets out; None where we did not sign it."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        return None


def stop(person: int) -> None:
    """No more mails for this person. Done twice it is done."""
    with acting(origin="the way out in a mail"):
        Digest.objects.filter(user=person).exclude(every=DigestEvery.NEVER).update(every=DigestEvery.NEVER)


def choose(user: Any, every: str) -> None:
    """How often this person wants a mail."""
    with acting(by=user):
        Digest.objects.update_or_create(user=user, defaults={"every": every})


def chosen(user: Any) -> str:
    """How often they get one now."""
    found = Digest.objects.filter(user=user.pk).values_list("every", flat=True).first()
    return found or DigestEvery.NEVER


def has_address(user: Any) -> bool:
    return bool(get_user_model()._default_manager.filter(pk=user.pk).exclude(email="").exists())
