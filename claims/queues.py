"""What waits at the desk, for whom: the same queues for its front page, its lists and its mails.

A person sees what they may act on, and of their own work what waits for others; an auditor, who may act on nothing,
sees everything. Which drafts somebody may read is decided in claims/roles.py.
"""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform

from claims.checked_queues import copies, held, moved, unfound
from claims.choices import ReplyState, Status
from claims.models import Contradiction, Correction, Event, Report, Statement, Topic
from claims.roles import may, readable
from claims.waiting import Part, Queue, Row, label_of, text_of


def queues(user: Any) -> list[Queue]:
    """Every queue that this person may see, the most urgent first. Asks no query but for the person's rights."""
    if not may(user, "claims.view_statement"):
        return []
    approves = may(user, "claims.approve_records")
    reads_all = may(user, "claims.read_drafts")
    acts = may(user, "claims.submit_records")
    approve, review = _review(user, approves=approves, acts=acts)
    proposals, proposed = _proposals(user, approves=approves, acts=acts)
    returned, drafts = _drafts(user, acts=acts)
    found: list[Queue | None] = [approve, proposals, returned]
    if may(user, "claims.view_report"):
        found.append(_reports(acts=may(user, "claims.change_report")))
    if reads_all:
        found += held(acts=acts, approves=approves)
    found += [unfound(user, acts=acts), _replies(user, acts=acts)]
    if reads_all:
        faulty, unchecked = copies(acts=acts)
        found += [moved(acts=may(user, "sources.change_source")), faulty]
    found += [drafts, review, proposed]
    if reads_all:
        found.append(unchecked)
    shown = [queue for queue in found if queue is not None]
    # Of an auditor nothing waits: they look on.
    return shown if acts else [replace(queue, mine=False, steps=()) for queue in shown]


def waiting(user: Any) -> list[tuple[Queue, int, list[Row]]]:
    """The queues in which this person can decide something, each with its count and its first five."""
    counted = ((queue, *queue.first(5)) for queue in queues(user) if queue.mine)
    return [(queue, count, rows) for queue, count, rows in counted if count]


# In review.


def _review(user: Any, *, approves: bool, acts: bool) -> tuple[Queue | None, Queue]:
    """What this person may approve, and what waits for somebody else."""
    others = Q() if settings.SINGLE_EDITOR else ~Q(last_edited_by=user.pk)
    mine = Q(last_edited_by__isnull=False) & others if approves else Q(pk__in=[])
    approve = Queue(
        "approve",
        "Waits for your approval",
        "Somebody else edited these last. Read each, then publish it or return it with a reason.",
        _records(user, Q(status=Status.IN_REVIEW) & mine),
        steps=("publish", "return"),
    )
    review = Queue(
        "review",
        "In review, with somebody else" if acts else "In review",
        "They wait for a publisher who did not edit them last.",
        _records(user, Q(status=Status.IN_REVIEW) & ~mine),
        mine=False,
        steps=("return",),
    )
    return approve if approves else None, review


def _drafts(user: Any, *, acts: bool) -> tuple[Queue, Queue]:
    """Drafts that came back and others: one's own; of an auditor everybody's."""
    own = Q(created_by=user.pk) | Q(last_edited_by=user.pk) if acts else Q()
    drafts = Q(status=Status.DRAFT) & own
    returned = Queue(
        "returned",
        "Came back to you" if acts else "Returned to their editors",
        "A second reader returned these. Mend what they say, then submit them again.",
        _records(user, drafts, came_from=Status.IN_REVIEW),
        steps=("submit",),
    )
    begun = Queue(
        "drafts",
        "Your drafts" if acts else "Drafts",
        "Nobody but the desk sees them. Submit them for review when they are whole.",
        _records(user, drafts, came_from=""),
        steps=("submit",),
    )
    return returned, begun


def _records(user: Any, condition: Q, came_from: str | None = None) -> tuple[Part, ...]:
    """Topics, statements and pairs, in the order in which they can be published; the longest in their state first."""
    statements = Statement.objects.select_related("speaker").defer("search")
    pairs = Contradiction.objects.select_related("first__speaker", "second__speaker", "question")
    parts = []
    for records in (Topic.objects.all(), statements, pairs):
        last = Event.objects.filter(
            row_table=records.model._meta.db_table, row_id=OuterRef("pk"), after__has_key="status"
        ).order_by("-id")
        stepped = readable(user, records).filter(condition)
        stepped = stepped.annotate(
            came_from=text_of(last.values_list(KeyTextTransform("status", "before"))),
            stepped_at=Subquery(last.values("at")[:1]),
            stepped_by=text_of(last.values("actor__username")),
            step_reason=text_of(last.values("reason")),
        )
        if came_from is not None:
            stepped = stepped.filter(came_from=came_from)
        parts.append(Part(stepped.select_related("last_edited_by").order_by("stepped_at", "pk"), _step))
    return tuple(parts)


def _step(record: Any) -> Row:
    back = record.came_from == Status.IN_REVIEW and record.status == Status.DRAFT
    who = record.stepped_by or getattr(record.last_edited_by, "username", "")
    why = record.step_reason if back else ""
    return Row(record, label_of(record), why, who, record.stepped_at, getattr(record, "language", ""))


# Changes of what readers see.


def _proposals(user: Any, *, approves: bool, acts: bool) -> tuple[Queue | None, Queue | None]:
    """What this person may decide on, and what they have proposed themselves."""
    subjects = ("statement__speaker", "topic", "speaker", "proposed_by")
    pairs = ("contradiction__question", "contradiction__first__speaker", "contradiction__second__speaker")
    undecided = Correction.objects.waiting().select_related(*subjects, *pairs).order_by("proposed_at", "pk")
    undecided = undecided.defer("rows", "changes", "statement__search")
    own = Q(proposed_by=user.pk)
    decidable = undecided if settings.SINGLE_EDITOR or not acts else undecided.exclude(own)
    proposals = Queue(
        "proposals",
        "Changes proposed by others" if acts else "Changes proposed",
        "A change or withdrawal of what readers see. Approve it as it is, or decline it and say why.",
        (Part(decidable, _proposal),),
    )
    proposed = Queue(
        "proposed",
        "Your proposals, with somebody else",
        "They change what readers see, so a publisher decides on them, and never you.",
        (Part(undecided.filter(own), _proposal),),
        mine=False,
    )
    return proposals if approves or not acts else None, proposed if acts else None


def _proposal(change: Correction) -> Row:
    label = f"{change.get_kind_display()}: {label_of(change.subject)}"
    return Row(change, label, change.reason, change.proposed_by.get_username(), change.proposed_at)


# What readers reported.


def _reports(*, acts: bool) -> Queue:
    related = ("statement__speaker", "topic", "speaker", "source__outlet")
    pairs = ("contradiction__question", "contradiction__first__speaker", "contradiction__second__speaker")
    return Queue(
        "reports",
        "Reports by readers",
        "Somebody says that these are wrong. Look, then correct them or say in public why nothing changes.",
        (Part(Report.objects.open().select_related(*related, *pairs).defer("statement__search", "email"), _report),),
        mine=acts,
    )


def _report(report: Report) -> Row:
    return Row(report, f"{report.get_kind_display()}: {label_of(report.record)}", "", "", report.received_at)


def _replies(user: Any, *, acts: bool) -> Queue:
    """Allegations whose subjects were asked and have not answered; the longest first."""
    asked = Statement.objects.exclude(status=Status.WITHDRAWN).filter(allegation=True, reply_state=ReplyState.SOUGHT)
    if acts and not may(user, "claims.read_drafts"):
        asked = asked.filter(created_by=user.pk)
    return Queue(
        "replies",
        "Replies waited for",
        "Those whom these accuse were asked. Ask again, or record that they answered or declined.",
        (Part(asked.select_related("speaker").defer("search").order_by("reply_sought_on", "pk"), _reply),),
        mine=acts,
    )


def _reply(statement: Statement) -> Row:
    why = f"Asked {statement.reply_sought_how}"
    return Row(statement, label_of(statement), why, "", statement.reply_sought_on, statement.language)
