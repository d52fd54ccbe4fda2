"""What changes of a record that readers have seen: proposed by one person, decided by another, in one transaction.

A proposal is tried before it is kept (changesets.trial): so that it can be applied is known, and what readers will be
shown of it is read off what it did.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from claims import changesets, services, typos
from claims.changesets import Row
from claims.choices import CorrectionKind, CorrectionState, Status
from claims.models import Contradiction, Correction, Speaker, Statement, Topic
from claims.naming import refuse_remains
from claims.public_changes import public_changes
from claims.roles import may
from sources.acting import acting
from sources.refusals import enforced

type Subject = Statement | Contradiction | Topic | Speaker

GONE = "It was withdrawn since; decline this proposal."

# In the order in which they are approved: a pair stands on its statements, and all on their topic.
RECORDS: dict[str, Any] = {"topic": Topic, "statement": Statement, "contradiction": Contradiction}


def approvers(proposer: Any) -> QuerySet[Any]:
    """Who may decide on what this person proposed."""
    codename = Q(groups__permissions__codename="approve_records") | Q(user_permissions__codename="approve_records")
    people = get_user_model()._default_manager.filter(codename, is_active=True, is_superuser=False).distinct()
    return people if settings.SINGLE_EDITOR else people.exclude(pk=proposer.pk)


def _may_propose(by: Any) -> None:
    if not may(by, "claims.propose_changes"):
        raise ValidationError("Your role does not include proposing changes.", code="not_allowed")


@contextmanager
def trying(
    subject: Subject, *, kind: str, reason: str, by: Any, opens: Iterable[Any] = ()
) -> Iterator[changesets.Trial]:
    """Do the work of the block as if a second person approved it, and take it back; the rows are known afterwards.

    opens: the records that the work may change; the subject itself if it is one of those that are published.
    What the database would refuse of it is refused here, as a ValidationError.
    """
    stand_in = approvers(by).first()
    if stand_in is None:
        raise ValidationError(
            "Nobody else may approve what you propose: an administrator must give a second person the role Publisher.",
            code="nobody_to_approve",
        )
    with changesets.trial(by=by) as tried, enforced():
        correction = _built(subject, kind=kind, reason=reason, by=by)
        correction.save()
        with acting(by=stand_in, correction=correction):
            _open(correction)
            opened = _reopen(opens or [subject])
            yield tried
            _close(opened, by=stand_in)
            correction.rows = tried.read()
            if correction.rows:
                _decide(correction, CorrectionState.APPLIED, by=stand_in)


def keep(
    subject: Subject, *, kind: str, reason: str, by: Any, rows: list[Row], undoes: Correction | None = None
) -> Correction:
    """Keep a tried change as a proposal. Raises ValidationError where it changes nothing, or more than a typo may."""
    if not rows and kind != CorrectionKind.WITHDRAWAL:
        raise ValidationError("Nothing would change; there is nothing to propose.", code="unchanged")
    if kind == CorrectionKind.TYPO and (problems := typos.refused(rows)):
        raise ValidationError(problems, code="not_a_typo")
    with enforced(), acting(by=by, reason=reason):
        correction = _built(subject, kind=kind, reason=reason, by=by)
        correction.rows, correction.changes, correction.undoes = rows, public_changes(rows), undoes
        correction.full_clean()
        correction.save()
    return correction


def propose_withdrawal(subject: Statement | Contradiction | Topic, *, reason: str, by: Any) -> Correction:
    """Ask a second person to take a published record from readers for good."""
    if subject.status != Status.PUBLISHED:
        raise ValidationError(f"“{subject}” is not published.", code="wrong_status")
    with enforced(), acting(by=by, reason=reason):
        refuse_twice(subject, lambda waiting: waiting.kind == CorrectionKind.WITHDRAWAL)
        return keep(subject, kind=CorrectionKind.WITHDRAWAL, reason=reason, by=by, rows=[])


def refuse_twice(subject: Subject, same: Callable[[Correction], bool]) -> None:
    """Raise ValidationError, with a link, where such a change waits already. Of two at once the second waits here."""
    type(subject)._base_manager.select_for_update(no_key=True).get(pk=subject.pk)
    for waiting in subject.corrections.waiting().select_related("proposed_by"):
        if same(waiting):
            url = reverse("admin:claims_correction_change", args=[waiting.pk])
            told = 'This is proposed already, by {}, and waits: <a href="{}">see the proposal</a>.'
            raise ValidationError(format_html(told, waiting.proposed_by, url), code="waits")


def gone(correction: Correction) -> bool:
    """Whether the record of a proposal was withdrawn after it was made."""
    return getattr(correction.subject, "status", "") == Status.WITHDRAWN


def moves_address(rows: Iterable[Row]) -> bool:
    """Whether a change gives a speaker or topic another address."""
    return any(
        row["table"] == "claims_formerslug" or (row["action"] == "update" and "slug" in row["after"]) for row in rows
    )


def apply(correction: Correction, *, by: Any, seen: int | None = None) -> None:
    """Approve a proposal: what it changes, its effects and its place in the public list, or nothing of it.

    seen: the version of the record that was read beside the proposal, where somebody read a page. Raises
    ValidationError, with the code "stale" where the record is another one by now.
    """
    with enforced(), acting(by=by, reason=correction.reason):
        locked = _locked(correction)
        if not may(by, "claims.approve_records"):
            raise ValidationError("Only a publisher decides on a change of what readers see.", code="not_allowed")
        if locked.proposed_by_id == by.pk and not settings.SINGLE_EDITOR:
            raise ValidationError("You proposed it, so somebody else must approve it.", code="four_eyes")
        subject = type(locked.subject)._base_manager.select_for_update(no_key=True).get(pk=locked.subject.pk)
        if getattr(subject, "status", Status.PUBLISHED) != Status.PUBLISHED:
            raise ValidationError(GONE, code="stale")
        if seen is not None and subject.version != seen:
            raise ValidationError(
                "The record was changed after you opened this page. Look at both again, then decide.", code="stale"
            )
        with acting(by=by, correction=locked):
            _open(locked)
            if locked.kind == CorrectionKind.WITHDRAWAL:
                _withdraw(locked.subject, locked, by=by)
            else:
                opened = _reopen(_touched(locked.rows))
                changesets.write(locked.rows)
                if locked.kind == CorrectionKind.MERGE:
                    refuse_remains(subject)
                _close(opened, by=by)
        _decide(locked, CorrectionState.APPLIED, by=by)
    correction.refresh_from_db()


def decline(correction: Correction, *, by: Any, note: str) -> None:
    """Turn a proposal down, with a note for whoever proposed it; or take back one's own."""
    with enforced(), acting(by=by):
        locked = _locked(correction)
        if locked.proposed_by_id != by.pk and not may(by, "claims.approve_records"):
            raise ValidationError("Only a publisher, or whoever proposed it, turns it down.", code="not_allowed")
        locked.decision_note = note
        _decide(locked, CorrectionState.DECLINED, by=by)
    correction.refresh_from_db()


def propose_undo(correction: Correction, *, reason: str, by: Any) -> Correction:
    """Propose to take an applied change back, row by row."""
    if correction.state != CorrectionState.APPLIED or not correction.rows:
        raise ValidationError("Only a change that was applied can be taken back.", code="wrong_state")
    if gone(correction):
        raise ValidationError("The record was withdrawn, and is kept as it was.", code="wrong_status")
    if moves_address(correction.rows):
        raise ValidationError(
            "This gave a new address, and the one before leads there for ever. Use “New address…” instead.",
            code="address",
        )
    rows = changesets.inverse(correction.rows)
    with trying(correction.subject, kind=correction.kind, reason=reason, by=by, opens=_touched(rows)):
        changesets.write(rows)
    return keep(correction.subject, kind=correction.kind, reason=reason, by=by, rows=rows, undoes=correction)


def _built(subject: Subject, *, kind: str, reason: str, by: Any) -> Correction:
    """A proposal that can be saved, without what it changes."""
    _may_propose(by)
    correction = Correction(kind=kind, reason=reason, proposed_by=by, **{subject._meta.model_name or "": subject})
    correction.full_clean()
    return correction


def _locked(correction: Correction) -> Correction:
    locked = Correction.objects.select_for_update(of=("self",)).get(pk=correction.pk)
    if locked.state != CorrectionState.PROPOSED:
        raise ValidationError(f"This was decided already ({locked.get_state_display().lower()}).", code="decided")
    return locked


def _decide(correction: Correction, state: str, *, by: Any) -> None:
    correction.state, correction.decided_by, correction.decided_at = state, by, timezone.now()
    correction.without_second_reader = correction.proposed_by_id == by.pk and state == CorrectionState.APPLIED
    correction.full_clean()
    fields = ["rows", "state", "decided_by", "decided_at", "decision_note", "without_second_reader"]
    correction.save(update_fields=fields)


def _open(correction: Correction) -> None:
    """From now to the end of the transaction the database holds all that changes against what was proposed."""
    Correction.objects.filter(pk=correction.pk).update(opened_at=timezone.now())


def _touched(rows: Iterable[Row]) -> list[Any]:
    """The published records to which these rows belong, in the order of their keys."""
    keys = {(row["record"], row["record_id"]) for row in rows}
    return [
        record
        for name, model in RECORDS.items()
        for record in model.objects.filter(pk__in=[key for kind, key in keys if kind == name]).order_by("pk")
    ]


def _reopen(records: Iterable[Any]) -> list[Any]:
    """Take published records out of their approved state, for the length of this transaction."""
    opened = []
    for record in records:
        locked = type(record).objects.select_for_update().get(pk=record.pk)
        # A speaker has no status: it is their statements that are opened.
        if getattr(locked, "status", None) == Status.PUBLISHED:
            type(record).objects.filter(pk=record.pk).update(status=Status.IN_REVIEW)
            opened.append(locked)
    return opened


def _close(opened: Iterable[Any], *, by: Any) -> None:
    """Approve reopened records as they stand now. Raises ValidationError with what is missing."""
    for record in opened:
        record.refresh_from_db()
        if gaps := services.missing(record):
            raise ValidationError([str(gap) for gap in gaps], code="missing")
        record.status, record.approved_by, record.approved_version = Status.PUBLISHED, by, record.version
        record.without_second_reader = record.last_edited_by_id == by.pk
        record.save(update_fields=["status", "approved_by", "approved_version", "without_second_reader"])


def _withdraw(record: Any, correction: Correction, *, by: Any) -> None:
    if isinstance(record, Statement):
        for pair in services.pairs_of(record):
            _withdraw(pair, correction, by=by)
    type(record).objects.filter(pk=record.pk).update(status=Status.WITHDRAWN)


def withdrawal_of(record: Any) -> Correction | None:
    """The applied withdrawal by which a record went: its own, or of a pair that of one of its statements."""
    own = Q(**{record._meta.model_name: record})
    if isinstance(record, Contradiction):
        own |= Q(statement__in=[record.first_id, record.second_id])
    found = Correction.objects.filter(own, kind=CorrectionKind.WITHDRAWAL, state=CorrectionState.APPLIED)
    return found.order_by("decided_at").first()
