"""Who did what when, at the foot of every form of the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from claims.choices import Action
from claims.models import Event
from claims.models.workflow import Reviewed
from claims.roles import may
from sources.compared import Saved
from sources.desk import DeskAdmin


@dataclass(frozen=True)
class Deed:
    """What was done, by whom and when; nobody where no user is known, and then `by` is the command that did it."""

    did: str
    by: str
    at: datetime | None


def _hand(event: Event) -> str:
    return event.actor.get_username() if event.actor else event.origin or "somebody unknown"


def last_change(record: Any) -> Event | None:
    """The last change of what a record or one of its parts holds; a step changes no version."""
    own = Q(record=record._meta.model_name, record_id=record.pk) | Q(row_table=record._meta.db_table, row_id=record.pk)
    return Event.objects.filter(own).exclude(from_version=F("to_version")).select_related("actor").first()


def saved(record: Any) -> Saved | None:
    """Who changed it last, for whoever saves second."""
    event = last_change(record)
    return Saved(_hand(event), event.at) if event else None


def deeds(record: Any) -> list[Deed]:
    """Who recorded it, changed it last, approved it; three queries at most."""
    found = []
    row = Event.objects.filter(row_table=record._meta.db_table, row_id=record.pk).select_related("actor")
    if made := row.filter(action=Action.INSERT).first():
        found.append(Deed("Recorded", _hand(made), made.at))
    if (last := last_change(record)) and (made is None or last.at != made.at):
        found.append(Deed("Last changed", _hand(last), last.at))
    if isinstance(record, Reviewed) and record.approved_by:
        alone = ", without a second reader" if record.without_second_reader else ""
        words = f"Approved in version {record.approved_version}{alone}"
        found.append(Deed(words, record.approved_by.get_username(), record.approved_at))
    return found


def trail(request: HttpRequest, record: Any) -> str:
    own = getattr(record, "created_by_id", None) == request.user.pk
    history = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_history", args=[record.pk])
    context = {
        "deeds": deeds(record),
        "version": getattr(record, "version", None),
        "history_url": history if own or may(request.user, "claims.read_history") else "",
    }
    return render_to_string("admin/claims/_trail.html", context)


DeskAdmin.trail = staticmethod(trail)
