"""What readers report: taken in within limits, decided by an editor, answered once, and then forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac

from claims.choices import ReportState
from claims.models import Contradiction, Correction, Report, ReportAttempt, Speaker, Statement, Topic
from claims.querysets import sources_on_record
from claims.roles import may
from sources.acting import acting
from sources.models import Source
from sources.refusals import enforced

WINDOW = timedelta(hours=24)
FROM_ONE = 10
"""Forms from one address within the window."""
FROM_ALL = 500
"""Forms within the window, from wherever: what a desk can still read, and a mailer send."""
KEPT_FOR = timedelta(days=90)
"""How long an address is kept at most, and the words of what was no report at all."""

# The part of a record's address → how to find the public record by the rest.
KINDS = {
    "statements": (Statement, "ref"),
    "contradictions": (Contradiction, "ref"),
    "topics": (Topic, "slug"),
    "speakers": (Speaker, "slug"),
    "sources": (Source, "ref"),
}


class TooManyReports(Exception):
    """The limit is reached; `wait` is the number of seconds until the next report is taken."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def public_record(kind: str, key: str) -> Any | None:
    """The public record at this address, or None. One query."""
    if kind not in KINDS:
        return None
    model, name = KINDS[kind]
    rows: QuerySet[Any] = sources_on_record() if model is Source else model.objects.published()  # type: ignore[attr-defined]
    return rows.filter(**{name: key}).first()


def kind_of(record: Any) -> tuple[str, str]:
    """The two parts by which a record's report form is addressed: ("statements", "m9qhcy0t9c")."""
    return next((kind, getattr(record, name)) for kind, (model, name) in KINDS.items() if isinstance(record, model))


def receive(record: Any, *, ref: str, kind: str, message: str, email: str, address: str) -> Report:
    """Keep a report under the reference that its form was given; sent twice, it is one report.

    Raises TooManyReports, after which nothing of it is kept. Costs twelve small queries.
    """
    with enforced(), acting(origin="a reader's report"):
        _one_at_a_time()
        if (known := Report.objects.filter(ref=ref).first()) is not None:
            return known
        count(address)
        report = Report(ref=ref, kind=kind, message=message, email=email, **{record._meta.model_name: record})
        report.full_clean()
        report.save()
    return report


def count(*sent_by: str) -> None:
    """One more form from each of these (a network address, a mail address), if the limits allow it.

    To be called in a transaction. Raises TooManyReports, after which none is counted.
    """
    _one_at_a_time()
    ReportAttempt.objects.filter(at__lte=Now() - WINDOW).delete()
    subjects = [salted_hmac("claims.reports", each, algorithm="sha256").hexdigest() for each in sent_by]
    waits = [_wait(ReportAttempt.objects.filter(subject=subject), FROM_ONE) for subject in subjects]
    if wait := max([*waits, _wait(ReportAttempt.objects.all(), FROM_ALL)]):
        raise TooManyReports(wait)
    ReportAttempt.objects.bulk_create([ReportAttempt(subject=subject) for subject in subjects])


def _one_at_a_time() -> None:
    """Until the transaction ends: forms that come at once would else all pass the same count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('claims.reports', 0))")


def _wait(attempts: QuerySet[ReportAttempt], limit: int) -> int:
    """Seconds until fewer than `limit` of them are within the window; 0 where that is so now."""
    left = ExpressionWrapper(F("at") + WINDOW - Now(), output_field=DurationField())
    last = attempts.order_by("-at").values_list(left, flat=True)[limit - 1 : limit]
    return max((max(1, ceil(wait.total_seconds())) for wait in last), default=0)


def corrections_for(report: Report) -> QuerySet[Correction]:
    """The applied changes that may be what came of a report: of its record, and of what that shows. Newest first."""
    record = report.record
    if isinstance(record, Contradiction):
        near = Q(contradiction=record) | Q(statement__in=[record.first_id, record.second_id])
        near |= Q(topic=record.question.topic_id)
    elif isinstance(record, Topic):
        near = Q(topic=record) | Q(statement__in=Statement.objects.of_topic(record))
        near |= Q(contradiction__question__topic=record)
    elif isinstance(record, Speaker):
        near = Q(speaker=record) | Q(statement__speaker=record)
    elif isinstance(record, Source):
        near = Q(statement__capture__source=record)
    else:
        near = Q(statement=record) | Q(speaker=record.speaker_id)
    return Correction.objects.published().filter(near).order_by("-decided_at", "-pk")


def decide(
    report: Report, *, by: Any, state: str, outcome: str = "", correction: Correction | None = None, seen: int
) -> None:
    """Close an open report with an outcome that readers can read. `seen` is the version that was looked at.

    Raises ValidationError with the code "not_allowed" or "stale", or with what the outcome lacks.
    """
    with enforced(), acting(by=by):
        locked = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not may(by, "claims.change_report"):
            raise ValidationError("Your role does not decide on reports; ask an editor.", code="not_allowed")
        if locked.state != ReportState.OPEN or locked.version != seen:
            raise ValidationError("Somebody decided on it meanwhile; see below what came of it.", code="stale")
        locked.state, locked.outcome, locked.correction = state, outcome, correction
        locked.decided_by, locked.decided_at = by, timezone.now()
        locked.full_clean()
        locked.save()
    report.refresh_from_db()


def answered_in_public(record: Any) -> QuerySet[Report]:
    """The reports on a record that changed nothing, with their reasons, newest first: what its page lists.

    What was corrected stands on the page as a correction; open reports and what was none are nobody's to read.
    """
    return Report.objects.about(record).filter(state=ReportState.UNCHANGED).order_by("-decided_at", "-pk")


def answers_due() -> QuerySet[Report]:
    """Decided reports whose readers wait for the outcome."""
    decided = Report.objects.exclude(state__in=(ReportState.OPEN, ReportState.SPAM))
    return decided.filter(answered_at__isnull=True).exclude(email="").order_by("decided_at", "pk")


def answer(report: Report) -> bool:
    """Mail the outcome to the reader and forget the address; whether there was still something to do.

    The mail goes out before the transaction ends: a run that is killed in between sends this one mail again, and none
    is ever lost. Raises what the mailer raises; then the address is kept for the next run.
    """
    with _locked(answers_due(), report.pk) as locked:
        if locked is None:
            return False
        message = render_to_string(
            "claims/report_answer.txt", {"report": locked, "record": locked.record, "site": settings.SITE_URL}
        )
        EmailMessage(f"What came of your report {locked.ref}", message, to=[locked.email]).send()
        locked.email, locked.answered_at = "", timezone.now()
        locked.save(update_fields=["email", "answered_at"])
    return True


@contextmanager
def _locked(rows: QuerySet[Any], pk: int) -> Iterator[Any | None]:
    """This row of `rows`, locked; None where another run has it or has done it."""
    with transaction.atomic():
        yield rows.filter(pk=pk).select_for_update(of=("self",), skip_locked=True).first()


def forget() -> int:
    """Empty what is kept no longer: addresses after 90 days or once they are of no use, the words of spam.

    Returns how many reports. Three statements.
    """
    before = timezone.now() - KEPT_FOR
    ReportAttempt.objects.filter(at__lte=Now() - WINDOW).delete()
    with acting(reason="Kept no longer."):
        old = Report.objects.exclude(email="").filter(Q(received_at__lt=before) | Q(state=ReportState.SPAM))
        spam = Report.objects.exclude(message="").filter(state=ReportState.SPAM, decided_at__lt=before)
        return old.update(email="") + spam.update(message="")
