"""A new address for a speaker or topic, and where the address that it had leads."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import Q

from claims import corrections
from claims.choices import CorrectionKind
from claims.models import Correction, FormerSlug, Speaker, Topic
from claims.querysets import ONCE_PUBLIC
from claims.roles import may
from sources.acting import acting
from sources.refusals import enforced

TAKEN = "“{slug}” leads, or led, to another record, and does so for ever; choose another."


def rename(record: Speaker | Topic, slug: str, *, by: Any, reason: str = "") -> Correction | None:
    """Give a record a new address; the one it had leads there for ever.

    Of a topic that readers have seen this is a proposal, which is returned; anything else is done. Raises
    ValidationError where the address cannot be had or the person may not.
    """
    _check(record, slug)
    if isinstance(record, Topic) and record.status in ONCE_PUBLIC:
        if not reason:
            raise ValidationError({"reason": "Say for readers why the address changes."})
        with enforced(), acting(by=by, reason=reason):
            corrections.refuse_twice(record, lambda waiting: corrections.moves_address(waiting.rows))
            with corrections.trying(record, kind=CorrectionKind.UPDATE, reason=reason, by=by) as tried:
                _rename(record, slug)
            return corrections.keep(record, kind=CorrectionKind.UPDATE, reason=reason, by=by, rows=tried.rows)
    if not may(by, f"claims.change_{record._meta.model_name}"):
        raise ValidationError("Your role does not include new addresses.", code="not_allowed")
    with enforced(), acting(by=by, reason=reason):
        _rename(record, slug)
    record.refresh_from_db()
    return None


def _check(record: Speaker | Topic, slug: str) -> None:
    validate_slug(slug)
    if len(slug) > 100:
        raise ValidationError("An address has at most 100 characters; shorten it.")
    if slug == record.slug:
        raise ValidationError("This is the address that it has.")
    name = record._meta.model_name or ""
    others = type(record)._default_manager.filter(slug=slug)
    if others.exists() or FormerSlug.objects.filter(Q(slug=slug) & ~Q(**{name: record}), **{f"{name}__isnull": False}):
        raise ValidationError(TAKEN.format(slug=slug), code="taken")


def _rename(record: Speaker | Topic, slug: str) -> None:
    type(record)._default_manager.filter(pk=record.pk).update(slug=slug)
    former: dict[str, Any] = {record._meta.model_name or "": record}
    FormerSlug.objects.get_or_create(slug=record.slug, **former)


def leads_to(model: Any, slugs: list[str]) -> dict[str, str]:
    """Slug → the slug of the record to which it leads now, for those of these that were renamed or merged.

    That record is public, or was: its address says then that it is gone.

    One query where none was; one more for each speaker that was merged once more.
    """
    asked = [slug for slug in slugs if "\0" not in slug]
    own = Q(merged_into__isnull=False) if model is Speaker else Q(pk__in=[])
    rows = model._default_manager.filter(Q(former_slugs__slug__in=asked) | own & Q(slug__in=asked)).distinct()
    found: dict[str, Any] = {}
    for row in rows.prefetch_related("former_slugs"):
        for slug in {row.slug, *(former.slug for former in row.former_slugs.all())} & set(asked):
            found[slug] = _last(row)
    public = _answering(model).filter(pk__in=[row.pk for row in found.values()]) if found else []
    now = {row.pk: row.slug for row in public}
    return {slug: now[row.pk] for slug, row in found.items() if row.pk in now and now[row.pk] != slug}


def _answering(model: Any) -> Any:
    return model.objects.filter(status__in=ONCE_PUBLIC) if model is Topic else model.objects.published()


def _last(row: Any) -> Any:
    """The end of a chain of mergers; of a circle, which a rule refuses, the last before it closes."""
    seen = {row.pk}
    while (key := getattr(row, "merged_into_id", None)) and key not in seen:
        seen.add(key)
        row = row.merged_into
    return row
