"""The writers beside admin forms: submit, publish, send back, hold, show again. What readers see changes in
corrections.py.

Every service ends by checking the deferred rules, so that a failure is a ValidationError in an editor's words and
nothing of it is kept. Status changes happen here only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.choices import AnchorPart, Mode, ReplyState, Status
from claims.integrity import DAMAGED, check_own_copy, damaged, foresee_own_copy
from claims.models import Anchor, Contradiction, Statement, Topic
from claims.roles import may
from sources.acting import acting
from sources.choices import Precision, Tier
from sources.models import CaptureIndex
from sources.refusals import enforced

type Recordable = Statement | Contradiction | Topic

# From which status each step leads where, and the right that it needs. Withdrawing is decided by two (corrections.py).
STEPS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "publish": ((Status.DRAFT, Status.IN_REVIEW), Status.PUBLISHED, "claims.approve_records"),
    "submit": ((Status.DRAFT,), Status.IN_REVIEW, "claims.submit_records"),
    "return": ((Status.IN_REVIEW,), Status.DRAFT, "claims.submit_records"),
}


@dataclass(frozen=True)
class Gap:
    """One thing that keeps a record from readers: in an editor's words, and the record and field where it is mended."""

    says: str
    record: models.Model
    field: str = ""

    def __str__(self) -> str:
        return self.says


def missing(record: Recordable) -> list[Gap]:
    """Everything that must be put right before a record can be published, all at once; [] when it can."""
    if isinstance(record, Statement):
        return _missing_of_statement(record)
    if isinstance(record, Contradiction):
        topic = record.question.topic
        hidden = [] if topic.status == Status.PUBLISHED else [Gap(f"The topic “{topic}” is not published yet.", topic)]
        return hidden + [
            Gap(
                f"The {side} account is not published yet ({statement.get_status_display().lower()}): “{statement}”.",
                statement,
            )
            for side, statement in (("first", record.first), ("second", record.second))
            if statement.status != Status.PUBLISHED
        ]
    return []


def not_allowed(record: Recordable, step: str, *, by: Any) -> list[Gap]:
    """Why this person may not take this step, in their own words; [] when they may. The database holds it too."""
    permission = STEPS[step][2]
    if not may(by, permission):
        return [Gap("Your role does not include this step; ask somebody whose role does.", record)]
    if step == "publish" and not settings.SINGLE_EDITOR:
        if record.last_edited_by_id is None:
            return [Gap("Nobody answers for its last change yet: submit it for review first.", record)]
        if record.last_edited_by_id == by.pk:
            return [Gap("You edited it last, so somebody else must read and approve it: submit it for review.", record)]
    if step != "publish" and record.created_by_id != by.pk and not may(by, "claims.read_drafts"):
        return [Gap("This is somebody else's draft.", record)]
    return []


def missing_to_release(record: Statement | Contradiction) -> list[Gap]:
    """What keeps a held record from being shown again; writes nothing."""
    if not isinstance(record, Statement) or record.held_since is None:
        return []
    anchors, faults = foresee_own_copy(record)
    return [*_missing_words(record, anchors, "\n".join(faults)), *_missing_around(record)]


def _missing_of_statement(statement: Statement) -> list[Gap]:
    index = CaptureIndex.objects.select_related("capture").defer("folded", "runs", "words").get(pk=statement.capture_id)
    fault = index.fault or (DAMAGED if damaged(index) else "")
    return [*_missing_words(statement, list(statement.anchors.all()), fault), *_missing_around(statement)]


def _missing_around(statement: Statement) -> list[Gap]:
    return [*_missing_in_source(statement), *_missing_date(statement), *_missing_reply(statement)]


def _missing_in_source(statement: Statement) -> list[Gap]:
    source = statement.capture.source
    if source.url or source.locator or statement.capture.archive_url:
        return []
    return [Gap("The source has no address and no locator: say where a reader can find it.", source, "url")]


def _missing_date(statement: Statement) -> list[Gap]:
    if statement.precision != Precision.UNKNOWN or statement.undated:
        return []
    return [Gap("It has no date: give one, or tick “undated”, which tells readers so.", statement, "said")]


def _missing_reply(statement: Statement) -> list[Gap]:
    if not statement.allegation:
        return []
    if statement.reply_state == ReplyState.NOT_SOUGHT:
        return [
            Gap("It is an allegation: say whether those concerned were asked for a reply.", statement, "reply_state")
        ]
    if statement.reply_state == ReplyState.GIVEN and not statement.right_of_reply.exists():
        return [Gap("Those concerned have answered: add their reply below.", statement, "reply_state")]
    return []


def _missing_words(statement: Statement, anchors: list[Anchor], fault: str) -> list[Gap]:
    if fault:
        says = f"The kept copy has a fault, so nothing can be published from it: {fault}"
        return [Gap(says, statement.capture)]
    quotes = [anchor for anchor in anchors if anchor.part == AnchorPart.QUOTE]
    problems = []
    placed = any(anchor.part == AnchorPart.CONTENT and anchor.tier in Tier.found() for anchor in anchors)
    if not placed:
        problems.append(
            Gap(
                "The statement's words are not found in the captured text: copy them from it exactly.",
                statement,
                "content",
            )
        )
    if statement.mode in (Mode.DIRECT, Mode.MIXED) and not quotes:
        says = "A quotation needs its quoted words: give them as they stand in the captured text."
        problems.append(Gap(says, statement, "quoted"))
    for anchor in quotes:
        if anchor.tier in Tier.found():
            continue
        says = (
            f"The quoted words “{anchor.exact}” are not found in the statement's words: copy them exactly or take them "
            "out."
            if placed
            else f"The quoted words “{anchor.exact}” are not found either."
        )
        problems.append(Gap(says, statement, "quoted"))
    return problems


def pairs_of(statement: Statement) -> models.QuerySet[Contradiction]:
    """The published pairs that leave with a statement when it is withdrawn."""
    pairs = Contradiction.objects.filter(Q(first=statement) | Q(second=statement), status=Status.PUBLISHED)
    return pairs.select_related("first__speaker", "second__speaker", "question").order_by("pk")


def publish(record: Recordable, *, by: Any, seen: int) -> None:
    """Show a record to readers. `seen` is the version that was read: another one is not approved by it.

    Raises ValidationError that lists everything that is missing, or with the code "stale" where somebody changed the
    record after it was read.
    """

    def approve(locked: Recordable) -> list[str]:
        _refuse([*not_allowed(locked, "publish", by=by), *missing(locked)])
        if locked.version != seen:
            raise ValidationError(
                "Somebody changed it after you opened it, so this is not what you read. Read it again, then publish.",
                code="stale",
            )
        locked.approved_by, locked.approved_version = by, locked.version
        locked.without_second_reader = locked.last_edited_by_id == by.pk
        return ["approved_by", "approved_version", "without_second_reader"]

    _step(record, "publish", by=by, before=approve)


def submit(record: Recordable, *, by: Any) -> None:
    """Hand a draft to a second reader. Of a draft from an unknown hand, who submits it answers for it."""

    def answer(locked: Recordable) -> list[str]:
        _refuse(not_allowed(locked, "submit", by=by))
        if locked.last_edited_by_id is not None:
            return []
        locked.last_edited_by = by
        return ["last_edited_by"]

    _step(record, "submit", by=by, before=answer)


def send_back(record: Recordable, *, by: Any, reason: str = "") -> None:
    """Return a record in review to its editor, with the reason in its history."""

    def check(locked: Recordable) -> list[str]:
        _refuse(not_allowed(locked, "return", by=by))
        return []

    _step(record, "return", by=by, before=check, reason=reason)


def hold(record: Statement | Contradiction, *, by: Any, reason: str) -> None:
    """Take a published record from readers at once, until somebody decides. A statement's pairs are held with it."""
    with enforced(), acting(by=by, reason=reason):
        locked = type(record).objects.select_for_update().get(pk=record.pk)
        if not may(by, "claims.approve_records"):
            raise ValidationError("Only a publisher holds back what readers see.", code="not_allowed")
        if locked.status != Status.PUBLISHED or locked.held_since is not None:
            raise ValidationError(f"“{locked}” is not shown to readers.", code="not_public")
        locked.held_since, locked.held_reason = timezone.now(), reason
        locked.full_clean()
        locked.save(update_fields=["held_since", "held_reason"])
    record.refresh_from_db()


def release(record: Statement | Contradiction, *, by: Any) -> None:
    """Show a held record again: a publisher has looked, and decides. A statement's pairs are released one by one.

    Words that a newer copy of the source lacks count as found once more where the statement's own copy has them.
    Raises ValidationError where they do not stand there either.
    """
    with enforced(), acting(by=by):
        locked = type(record).objects.select_for_update().get(pk=record.pk)
        if not may(by, "claims.approve_records"):
            raise ValidationError("Only a publisher shows a record again.", code="not_allowed")
        if locked.held_since is None:
            raise ValidationError(f"“{locked}” is not held back.", code="not_held")
        if isinstance(locked, Statement):
            check_own_copy(locked)
            _refuse(missing(locked))
        locked.held_since, locked.held_reason = None, ""
        locked.save(update_fields=["held_since", "held_reason"])
    record.refresh_from_db()


def _refuse(gaps: Iterable[Gap]) -> None:
    if found := list(gaps):
        raise ValidationError([str(gap) for gap in found], code="missing")


def _step(record: Recordable, step: str, *, by: Any, before: Callable[[Any], list[str]], reason: str = "") -> None:
    allowed, status, _ = STEPS[step]
    with enforced(), acting(by=by, reason=reason):
        locked = type(record).objects.select_for_update().get(pk=record.pk)
        if locked.status not in allowed:
            raise ValidationError(
                f"“{locked}” is {locked.get_status_display().lower()}: this step starts from "
                f"{' or '.join(Status(name).label.lower() for name in allowed)}.",
                code="wrong_status",
            )
        fields = before(locked)
        locked.status = status
        locked.full_clean()
        locked.save(update_fields=["status", *fields])
    record.refresh_from_db()
