"""What stands at the end of every public record: the way to report a mistake, and reports that changed nothing."""

from typing import Any

from django import template
from django.conf import settings

from claims.reports import answered_in_public, kind_of

register = template.Library()


@register.inclusion_tag("claims/_reports.html")
def reader_reports(record: Any) -> dict[str, Any]:
    """One query."""
    kind, key = kind_of(record)
    return {"answers": list(answered_in_public(record)), "kind": kind, "key": key}


@register.simple_tag
def sends_mail() -> bool:
    """Whether this site sends mails."""
    return settings.MAIL != "off"
