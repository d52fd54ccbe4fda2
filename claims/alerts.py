"""Mails to readers of what a filter newly finds: asked for, confirmed by the address itself, ended by one click.

Nothing is kept of a wish until the mail to its address is answered: all that it is stands in the signed link.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from claims.choices import AlertList
from claims.filtering import ListFilter
from claims.filters import ContradictionFilter, StatementFilter
from claims.models import Alert, Contradiction, Statement
from claims.reports import count
from sources.acting import acting

_CONFIRM, _STOP = "claims.alerts.confirm", "claims.alerts.stop"
ANSWERED_WITHIN = timedelta(days=3)
"""How long the link in the first mail holds."""
MOST_TOLD = 20
"""Records that one mail names; it says how many more there are."""

# List → its filter, its rows, its page, its feed.
LISTS: dict[str, tuple[type[ListFilter], Any, str, str]] = {
    AlertList.STATEMENTS: (StatementFilter, Statement, "statement_list", "feed_statements_atom"),
    AlertList.CONTRADICTIONS: (ContradictionFilter, Contradiction, "contradiction_list", "feed_contradictions_atom"),
}


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: an address, a list, a filter of it, and the language of the mails."""

    email: str
    room: str
    query: str
    language: str

    @property
    def found(self) -> ListFilter:
        """The filter on public rows; whether it can be used, its `is_valid` tells."""
        filter_class, model, _page, _feed = LISTS[self.room]
        return filter_class(QueryDict(self.query), queryset=model.objects.published())

    @property
    def page(self) -> str:
        """The list's address with the filter, in the language of the mails."""
        with override(self.language):
            return reverse(LISTS[self.room][2]) + (f"?{self.query}" if self.query else "")

    @property
    def words(self) -> str:
        """The filter in words: “Statements; Speaker: John Kirby”."""
        chips = [f"{label}: {value}" for label, value, _without in self.found.chips()]
        return "; ".join([str(AlertList(self.room).label), *chips])


def filter_of(room: str, given: QueryDict) -> str:
    """Of an address's parameters those that filter the list, in one order, so that one filter is one wish."""
    names = sorted(set(LISTS[room][0].base_filters) - {"sort"})
    kept = QueryDict(mutable=True)
    for name in names:
        if values := sorted(value for value in given.getlist(name) if value):
            kept.setlist(name, values)
    return kept.urlencode()


def ask(wish: Wish, *, address: str) -> None:
    """Mail the link that confirms. Raises TooManyReports, or what the mailer raises; then nothing is counted."""
    with transaction.atomic():
        count(address, wish.email.casefold())
        token = signing.dumps([wish.email, wish.room, wish.query, wish.language], salt=_CONFIRM, compress=True)
        with override(wish.language):
            link = settings.SITE_URL + reverse("alert_confirm", args=[token])
            subject = _("Please confirm: mails from Rashomon")
            body = render_to_string("claims/alert_confirm.txt", {"wish": wish, "link": link})
        EmailMessage(subject, body, to=[wish.email], headers={"Auto-Submitted": "auto-replied"}).send()


def wished(token: str) -> Wish | None:
    """What this link confirms; None where we did not sign it, or too long ago."""
    try:
        return Wish(*signing.loads(token, salt=_CONFIRM, max_age=ANSWERED_WITHIN))
    except signing.BadSignature:
        return None


def confirm(wish: Wish) -> Alert:
    """From now on this address gets mails. Confirmed twice it is confirmed."""
    with acting(origin="a confirmed address"):
        alert, _created = Alert.objects.get_or_create(
            email=wish.email, room=wish.room, query=wish.query, defaults={"language": wish.language}
        )
    return alert


def stop_address(alert: Alert) -> str:
    with override(alert.language):
        return reverse("alert_stop", args=[signing.dumps(alert.pk, salt=_STOP)])


def stopper(token: str) -> int | None:
    """The key of the alert that this link ends; None where we did not sign it."""
    try:
        return int(signing.loads(token, salt=_STOP))
    except signing.BadSignature:
        return None


def stop(key: int) -> None:
    """Delete the alert and its address. Done twice it is done."""
    with acting(origin="the way out in a mail"):
        Alert.objects.filter(pk=key).delete()


def due(now: datetime) -> QuerySet[Alert]:
    """Those not looked after on this day (UTC)."""
    return Alert.objects.filter(since__lt=datetime.combine(now.astimezone(UTC), datetime.min.time(), UTC))


def send(alert: Alert, now: datetime) -> bool:
    """Mail what the filter found since the last look, if anything; whether a mail went out. 8 queries or so.

    A filter that cannot be used any longer, as what it names was withdrawn, is told once and ends. The mail leaves
    before the transaction ends: a run that is killed in between sends this one again, and no other. Raises what the
    mailer raises; then the next run tries again.
    """
    with transaction.atomic(), acting(origin="manage.py send_digests"):
        locked = due(now).filter(pk=alert.pk).select_for_update(skip_locked=True).first()
        if locked is None:
            return False
        wish = Wish(locked.email, locked.room, locked.query, locked.language)
        found = wish.found
        if not found.is_valid():
            _mail(locked, wish, _ENDED, [], 0)
            locked.delete()
            return True
        news = found.qs.filter(published_at__gt=locked.since, published_at__lte=now)
        rows = list(news.for_reading().order_by("published_at", "pk")[: MOST_TOLD + 1])
        if rows:
            _mail(locked, wish, "claims/alert.txt", rows[:MOST_TOLD], news.count())
        locked.since = now
        locked.save(update_fields=["since"])
    return bool(rows)


_ENDED = "claims/alert_ended.txt"


def _mail(alert: Alert, wish: Wish, template: str, rows: list[Any], total: int) -> None:
    with override(alert.language):
        way_out = settings.SITE_URL + stop_address(alert)
        records = [(_title(row), settings.SITE_URL + row.get_absolute_url()) for row in rows]
        context = {
            "wish": wish,
            "page": settings.SITE_URL + wish.page,
            "records": records,
            "further": total - len(rows),
            "way_out": way_out,
        }
        if template == _ENDED:
            subject = _("Rashomon: a filter that you followed has ended")
        else:
            subject = ngettext("Rashomon: %(n)s new record", "Rashomon: %(n)s new records", total) % {"n": total}
        headers = {
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }
        EmailMessage(subject, render_to_string(template, context), to=[alert.email], headers=headers).send()


def _title(row: Any) -> str:
    if isinstance(row, Contradiction):
        who = f"{row.first.speakers_label} / {row.second.speakers_label}"
        return f"{row.get_finding_display()} · {row.question.text} {who}"
    return f"{row.speakers_label}: {row.content}"
