"""The writers beside admin forms: publish, send back, withdraw, show again.

Every service ends by checking the deferred rules, so that a failure is a ValidationError in an editor's words and
nothing of it is kept. Status changes happen here only.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from claims.choices import AnchorPart, Mode, Status
from claims.integrity import DAMAGED, check_own_copy, damaged
from claims.models import Contradiction, Statement, Topic
from sources.choices import Tier
from sources.models import CaptureIndex
from sources.refusals import enforced

type Recordable = Statement | Contradiction | Topic

# From which status each step leads where.
STEPS: dict[str, tuple[tuple[str, ...], str]] = {
    "publish": ((Status.DRAFT, Status.IN_REVIEW), Status.PUBLISHED),
    "submit": ((Status.DRAFT,), Status.IN_REVIEW),
    "return": ((Status.IN_REVIEW,), Status.DRAFT),
    "withdraw": ((Status.PUBLISHED,), Status.WITHDRAWN),
}


def missing(record: Recordable) -> list[str]:
    """Everything that must be put right before a record can be published, in an editor's words; [] when it can."""
    if isinstance(record, Statement):
        return _missing_of_statement(record)
    if isinstance(record, Contradiction):
        topic = record.question.topic
        hidden = [] if topic.status == Status.PUBLISHED else [f"The topic “{topic}” is not published yet."]
        return hidden + [
            f"The {side} account is not published yet ({statement.get_status_display().lower()}): “{statement}”."
            for side, statement in (("first", record.first), ("second", record.second))
            if statement.status != Status.PUBLISHED
        ]
    return []


def missing_to_release(record: Statement | Contradiction) -> list[str]:
    """What keeps a held record from being shown again; writes nothing."""
    if not isinstance(record, Statement):
        return []
    with transaction.atomic():
        check_own_copy(record)
        problems = missing(record)
        transaction.set_rollback(True)
    return problems


def _missing_of_statement(statement: Statement) -> list[str]:
    anchors = list(statement.anchors.all())
    index = CaptureIndex.objects.select_related("capture").defer("folded", "runs", "words").get(pk=statement.capture_id)
    if index.fault or damaged(index):
        fault = index.fault or DAMAGED
        return [f"The kept copy has a fault, so nothing can be published from it: {fault}"]
    quotes = [anchor for anchor in anchors if anchor.part == AnchorPart.QUOTE]
    problems = []
    placed = any(anchor.part == AnchorPart.CONTENT and anchor.tier in Tier.found() for anchor in anchors)
    if not placed:
        problems.append("The statement's words are not found in the captured text: copy them from it exactly.")
    if statement.mode in (Mode.DIRECT, Mode.MIXED) and not quotes:
        problems.append("A quotation needs its quoted words: give them as they stand in the captured text.")
    problems += [
        f"The quoted words “{anchor.exact}” are not found in the statement's words: copy them exactly or take them out."
        if placed
        else f"The quoted words “{anchor.exact}” are not found either."
        for anchor in quotes
        if anchor.tier not in Tier.found()
    ]
    return problems


def pairs_of(statement: Statement) -> models.QuerySet[Contradiction]:
    """The published pairs that leave with a statement when it is withdrawn."""
    pairs = Contradiction.objects.filter(Q(first=statement) | Q(second=statement), status=Status.PUBLISHED)
    return pairs.select_related("first__speaker", "second__speaker", "question").order_by("pk")


def publish(record: Recordable, *, by: User) -> None:
    """Show a record to readers. Raises ValidationError that lists everything that is missing."""
    if problems := missing(record):
        raise ValidationError(problems, code="missing")
    _step(record, "publish", by=by)


def submit(record: Recordable, *, by: User) -> None:
    """Hand a draft to a second reader."""
    _step(record, "submit", by=by)


def send_back(record: Recordable, *, by: User) -> None:
    """Return a record in review to its editor."""
    _step(record, "return", by=by)


def release(record: Statement | Contradiction, *, by: User) -> None:
    """Show a held record again: an editor has looked, and decides. A statement's pairs are released one by one.

    Words that a newer copy of the source lacks count as found once more where the statement's own copy has them.
    Raises ValidationError where they do not stand there either.
    """
    with enforced():
        locked = type(record).objects.select_for_update().get(pk=record.pk)
        if locked.held_since is None:
            raise ValidationError(f"“{locked}” is not held back.", code="not_held")
        if isinstance(locked, Statement):
            check_own_copy(locked)
            if problems := missing(locked):
                raise ValidationError(problems, code="missing")
        locked.held_since, locked.held_reason = None, ""
        locked.save(update_fields=["held_since", "held_reason"])
        LogEntry.objects.log_actions(by.pk, [locked], CHANGE, "Release: shown to readers again.")
    record.refresh_from_db()


def withdraw(record: Recordable, *, by: User) -> None:
    """Take a published record from readers, who see that it was there. A statement's pairs go first."""
    with enforced():
        if isinstance(record, Statement):
            for pair in pairs_of(record):
                _step(pair, "withdraw", by=by)
        _step(record, "withdraw", by=by)


def _step(record: Recordable, step: str, *, by: User) -> None:
    model = type(record)
    allowed, status = STEPS[step]
    with enforced():
        locked = model.objects.select_for_update().get(pk=record.pk)
        if locked.status not in allowed:
            raise ValidationError(
                f"“{locked}” is {locked.get_status_display().lower()}: this step starts from "
                f"{' or '.join(Status(name).label.lower() for name in allowed)}.",
                code="wrong_status",
            )
        locked.status = status
        locked.full_clean()
        locked.save(update_fields=["status"])
        LogEntry.objects.log_actions(by.pk, [locked], CHANGE, f"{step.capitalize()}: now {status.replace('_', ' ')}.")
    record.refresh_from_db()
