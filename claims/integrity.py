"""Live integrity: what is on record is held against the kept copies, again and again; a failure holds it back.

Three things can go wrong after a statement was filed. A kept copy can be damaged: its text is not the one that was
kept. A newer copy of the source can lack the words: the source changed. Somebody with the whole text can show that an
excerpt was never part of it. Each marks the anchors it touches, and the database holds the statement and its pairs in
the same transaction (migrations 0002, 0003) until an editor decides; services.release is that decision.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from claims.anchors import CHECKER, Place, lost_in, places_of, tier_between
from claims.choices import AnchorPart, Status
from claims.models import Anchor, Statement
from sources.anchoring import NOT_FOUND, Span, context, locate
from sources.choices import Tier
from sources.excerpts import to_whole, verify_excerpt
from sources.finding import folded_of, keep_folds
from sources.folding import VERSION, Folded, fold
from sources.kept_text import digest, normalise
from sources.models import Capture, CaptureIndex, Source
from sources.records import sha256_of
from sources.refusals import enforced

BATCH = 50  # Copies that are in memory at once.
DAMAGED = "The kept text is not the one that was kept: its SHA-256 differs. Restore it from a backup."


@dataclass
class Report:
    """What a check went through, and each failure in a sentence that names the record."""

    captures: int = 0
    passages: int = 0
    failures: list[str] = field(default_factory=list)


def due() -> QuerySet[CaptureIndex]:
    """The copies that something new rests on: new ones, damaged ones, those with anchors that were not checked yet.

    The hash of every kept text is computed by the database: about a gigabyte takes it some seconds.
    """
    anchors = Anchor.objects.filter(statement__capture=OuterRef("pk")).exclude(
        checker=CHECKER, checked_at__isnull=False
    )
    text_sha256 = sha256_of("capture__text")
    return CaptureIndex.objects.filter(
        Q(checked_at__isnull=True)
        | ~Q(fold_version=VERSION)
        | ~Q(fault="")
        | ~Q(of_sha256=text_sha256)
        | ~Q(capture__sha256=text_sha256)
        | Exists(anchors)
    )


def recheck(*, everything: bool = False, progress: Callable[[list[int]], Iterable[int]] = lambda keys: keys) -> Report:
    """Hold what is on record against the kept copies: what is due, or everything. BATCH copies are a transaction.

    `progress` is given the keys of the copies and gives them back one by one. Six queries for each batch; what is lost
    or found anew costs some more.
    """
    keep_folds()
    copies = CaptureIndex.objects.all() if everything else due()
    report = Report()
    for keys in batched(progress(list(copies.order_by("pk").values_list("pk", flat=True))), BATCH):
        _check_copies(keys, report)
    lost = Anchor.objects.relied_on().exclude(tier__in=Tier.found()).filter(statement=OuterRef("pk"))
    failing = Statement.objects.filter(Exists(lost), status=Status.PUBLISHED)
    for statement in failing.select_related("capture__source").defer("capture__text", "search").order_by("pk"):
        report.failures.append(
            f"Statement {statement.ref} (“{statement.capture.source.title}”) is held until an editor decides: "
            f"{statement.held_reason}"
        )
    return report


def check_new_copy(capture: Capture) -> None:
    """Hold everything that rests on earlier copies of the source against a new one; its keeper calls this."""
    keep_folds([capture.pk])
    _check_copies([capture.pk], Report())


def _check_copies(keys: Collection[int], report: Report) -> None:
    """Each copy: its own text, the anchors that stand on it, and, when it is new, those on earlier copies."""
    with enforced():
        indexes = CaptureIndex.objects.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")
        statements = Prefetch("capture__statements", Statement.objects.order_by("pk").prefetch_related("anchors"))
        for index in indexes.select_related("capture").defer("folded", "runs", "words").prefetch_related(statements):
            capture = index.capture
            _note(index, [DAMAGED] if damaged(index) or digest(capture.text) != capture.sha256 else [], {DAMAGED})
            report.failures += [f"Capture {capture.ref}: {fault}" for fault in index.fault.splitlines()]
            report.captures += 1
            for statement in capture.statements.all():
                report.passages += len(statement.anchors.all())
                try:
                    _check_statement(statement, capture.text)
                except ValidationError as refused:
                    # Its own transaction is undone; the others are not kept waiting for it.
                    report.failures.append(f"Statement {statement.ref}: {' '.join(refused.messages)}")
            if index.checked_at is None and not capture.is_excerpt:
                _hold_against(capture)
        # Only where it changes: each write of such a row is one of its large index too.
        CaptureIndex.objects.filter(pk__in=keys, checked_at=None).update(checked_at=timezone.now())


def damaged(index: CaptureIndex) -> bool:
    """Whether the capture's hash is not that of the text which was folded when it came."""
    return index.of_sha256 not in {"", index.capture.sha256}


def _note(index: CaptureIndex, faults: Collection[str], known: Collection[str]) -> None:
    """Put faults in place of those `known` that were noted before, one to a line; the others stay."""
    lines = [line for line in index.fault.splitlines() if line not in known]
    fault = "\n".join([*lines, *faults])
    if fault != index.fault:
        index.fault = fault
        CaptureIndex.objects.filter(pk=index.pk).update(fault=fault)


def check_excerpts_against(whole: str) -> Report:
    """Hold the excerpts cut from a whole text, which somebody has, against it. Raises ValueError where none was."""
    whole = normalise(whole)
    captures = list(Capture.objects.filter(is_excerpt=True, whole_sha256=digest(whole)).order_by("pk"))
    if not captures:
        raise ValueError(
            f"No kept excerpt was cut from this text (SHA-256 {digest(whole)}). Give the whole text just as it was "
            "captured, in UTF-8 and with nothing added."
        )
    report = Report(captures=len(captures))
    for capture in captures:
        problems = verify_excerpt(capture.text, capture.excerpt_map, whole, capture.whole_sha256)
        report.failures += [f"Capture {capture.ref}: {problem}" for problem in problems]
        with enforced():
            index = CaptureIndex.objects.select_for_update().defer("folded", "runs", "words").get(pk=capture.pk)
            _note(index, problems, {line for line in index.fault.splitlines() if line != DAMAGED})
            anchors = Anchor.objects.relied_on().filter(statement__capture=capture, tier__in=Tier.found())
            for anchor in anchors.select_related("statement"):
                report.passages += 1
                span = to_whole(capture.excerpt_map, Span(anchor.start, anchor.end))
                if span is None or whole[span.start : span.end] != anchor.exact:
                    _lose([anchor], "The whole text does not have these words where the excerpt has them.")
                    report.failures.append(f"Statement {anchor.statement.ref}: not in the whole text: “{anchor.exact}”")
    return report


def check_own_copy(statement: Statement) -> None:
    """Find again, in the statement's own copy, words that a newer one lacks: an editor has decided to quote the older.

    The copy itself is checked first. Anchors whose words do not stand there stay lost.
    """
    _check_copies([statement.capture_id], Report())
    text = statement.capture.text
    for anchor in statement.anchors.filter(tier=Tier.CHANGED):
        if text[anchor.start : anchor.end] == anchor.exact:
            tier = tier_between(anchor.exact, statement.content) if anchor.part == AnchorPart.CONTENT else Tier.EXACT
            _write(anchor, tier=Tier.ELIDED if tier == NOT_FOUND else tier)


def foresee_own_copy(statement: Statement) -> tuple[list[Anchor], list[str]]:
    """What `check_own_copy` would find of a published statement: its anchors, unsaved, and the faults of its copy.

    Writes nothing. Published words stand at the place that was approved, or are lost.
    """
    index = CaptureIndex.objects.select_related("capture").defer("folded", "runs", "words").get(pk=statement.capture_id)
    text = index.capture.text
    anchors = list(statement.anchors.all())
    for anchor in anchors:
        stands = text[anchor.start : anchor.end] == anchor.exact
        if anchor.tier in Tier.found() and not stands:
            anchor.tier = Tier.CHANGED
        elif anchor.tier == Tier.CHANGED and stands:
            anchor.tier = Tier.EXACT
    return anchors, _faults_of(index)


def _faults_of(index: CaptureIndex) -> list[str]:
    """What is wrong with a copy as it is now: what was noted, and whether its text is the one that was kept."""
    noted = [line for line in index.fault.splitlines() if line != DAMAGED]
    wrong = damaged(index) or digest(index.capture.text) != index.capture.sha256
    return [*noted, DAMAGED] if wrong else noted


def _check_statement(statement: Statement, text: str) -> None:
    """Check each anchor of a statement in its own copy. Raises ValidationError where the outcome is refused."""
    anchors = list(statement.anchors.all())
    content = [anchor for anchor in anchors if anchor.part == AnchorPart.CONTENT]
    if all(_stands(anchor, text) and _signed(anchor) for anchor in anchors) and _agrees(statement, content, text):
        return
    with enforced():
        # The words before what is quoted from them: their place says where to look for it.
        for anchor in sorted(anchors, key=lambda one: one.part != AnchorPart.CONTENT):
            if _stands(anchor, text):
                if not _signed(anchor):
                    _write(anchor)
            elif anchor.tier != Tier.CHANGED:
                _look_again(anchor, statement, text, content)
        if not _agrees(statement, content, text):
            _lose(content, "The statement's words are not those of the passage they are anchored to.")


def _stands(anchor: Anchor, text: str) -> bool:
    return anchor.tier in Tier.found() and text[anchor.start : anchor.end] == anchor.exact


def _signed(anchor: Anchor) -> bool:
    """Whether these rules checked it; when its copy was checked stands with the copy's index."""
    return anchor.checker == CHECKER and anchor.checked_at is not None


def _agrees(statement: Statement, content: Sequence[Anchor], text: str) -> bool:
    """Whether the statement's words are those of their passage; nothing to say where that was not found."""
    if not content or any(anchor.tier not in Tier.found() for anchor in content):
        return True
    return tier_between(text[content[0].start : content[-1].end], statement.content) != NOT_FOUND


def _look_again(anchor: Anchor, statement: Statement, text: str, content: Sequence[Anchor]) -> None:
    """Look for an anchor's words once more, those of a quotation within the statement's.

    Found in one place, they stand there; else they are lost, or still not found. The place of published words is what
    a second person approved: at another one they are held until an editor has looked.
    """
    within = None
    if anchor.part == AnchorPart.QUOTE:
        pieces = tuple(Span(one.start, one.end) for one in content if one.tier in Tier.found())
        within = Place(Tier.EXACT, pieces) if pieces else None
    places = [] if anchor.part == AnchorPart.QUOTE and within is None else _places(anchor, text, within)
    if len(places) == 1 and len(places[0].pieces) == 1:
        span = places[0].span
        if span == Span(anchor.start, anchor.end) and span.of(text) == anchor.exact:
            _write(anchor, tier=places[0].tier)
        elif statement.status == Status.PUBLISHED:
            _lose([anchor], "The words stand at another place of the copy than the approved one.")
        else:
            _find_again(anchor, span, text, places[0].tier)
    elif anchor.tier in Tier.found():
        _lose([anchor], "")
    elif anchor.tier == Tier.UNCHECKED or not _signed(anchor):
        _write(anchor, tier=Tier.NOT_FOUND if anchor.tier == Tier.UNCHECKED else anchor.tier)


def _places(anchor: Anchor, text: str, within: Place | None) -> list[Place]:
    span = within.span if within else None
    found = places_of(locate(text, anchor.exact, anchor.prefix, anchor.suffix, span))
    return [place for place in found if within is None or within.holds(place)]


def _hold_against(capture: Capture) -> None:
    """Published statements that rest on an earlier copy of the source, and are not in this newer one.

    Drafts are left as they are: their editors are told when they save and when they publish.
    """
    earlier = Statement.objects.filter(capture__captured_at__lte=capture.captured_at).exclude(capture=capture)
    folded = folded_of(capture)
    for _, lost in _lost(earlier.filter(capture__source=capture.source_id), capture.text, folded):
        _lose(lost, f"The source's copy of {capture.captured_at:%Y-%m-%d %H:%M} UTC no longer has these words.")


def would_hold(source: Source, text: str) -> list[Statement]:
    """The statements of a source that readers see and that a new copy with this text would hold back."""
    shown = Statement.objects.filter(capture__source=source, held_since__isnull=True)
    return [statement for statement, _ in _lost(shown, text, fold(text))]


def foretell(source: Source, text: str) -> str:
    """What keeping this text would hold back, for the editor who is about to keep it; "" for nothing."""
    count = len(would_hold(source, text))
    if not count:
        return ""
    rest = "statement, whose words it does" if count == 1 else "statements, whose words it does"
    return f"Keeping it takes {count} published {rest} not have, from readers until an editor decides."


def _lost(statements: QuerySet[Statement], text: str, folded: Folded) -> Iterator[tuple[Statement, list[Anchor]]]:
    published = statements.filter(status=Status.PUBLISHED).select_related("speaker").prefetch_related("anchors")
    for statement in published.order_by("pk"):
        if lost := lost_in(statement, text, folded=folded):
            yield statement, lost


def _find_again(anchor: Anchor, span: Span, text: str, tier: str) -> None:
    prefix, suffix = context(text, span)
    _write(anchor, start=span.start, end=span.end, exact=span.of(text), prefix=prefix, suffix=suffix, tier=tier)


def _lose(anchors: Iterable[Anchor], reason: str) -> None:
    """Mark anchors whose words were found once; the database holds what rests on them, for its own reason or this."""
    for anchor in anchors:
        if reason:
            Statement.objects.filter(pk=anchor.statement_id, status=Status.PUBLISHED, held_since__isnull=True).update(
                held_since=timezone.now(), held_reason=f"{reason} “{anchor.exact}”"
            )
        _write(anchor, tier=Tier.CHANGED)


def _write(anchor: Anchor, **values: object) -> None:
    for name, value in {**values, "checked_at": timezone.now(), "checker": CHECKER}.items():
        setattr(anchor, name, value)
    anchor.save(update_fields=[*values, "checked_at", "checker"])
