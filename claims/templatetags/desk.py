"""What the desk's front page and its lists ask of the records."""

from typing import Any

from django import template

from claims.admin.queue import FIRST, Section, sections
from claims.admin.saved_filters import kept, query_of, room_of
from claims.choices import DigestEvery
from claims.digests import chosen
from claims.models import SavedFilter

register = template.Library()


@register.inclusion_tag("admin/claims/_queues.html")
def queues_of(sections: list[Section]) -> dict[str, Any]:
    """The queues that hold something, and in one line the names of those that are empty."""
    quiet = [section for section in sections if not section.count]
    return {"sections": sections, "quiet": quiet, "busy": len(quiet) < len(sections)}


@register.inclusion_tag("admin/claims/_front.html", takes_context=True)
def desk_front(context: Any) -> dict[str, Any]:
    """What waits for whoever is signed in, and what they keep here. The same number of queries however much waits."""
    request = context["request"]
    found = sections(request.user, FIRST)
    filters = kept(request, SavedFilter.objects.filter(user=request.user.pk)) if found else []
    decides = any(section.queue.mine for section in found)
    return {
        "sections": found,
        "filters": filters,
        "mails": DigestEvery(chosen(request.user)).label if decides else "",
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("admin/claims/_list_filters.html", takes_context=True)
def list_filters(context: Any) -> dict[str, Any]:
    """The saved filters of the list that is looked at, and the way to save another."""
    request, shown = context["request"], context["cl"]
    room = shown.opts.label_lower
    if shown.is_popup or room_of(room) is None:
        return {"room": ""}
    return {
        "room": room,
        "filters": kept(request, SavedFilter.objects.filter(user=request.user.pk, room=room)),
        "query": query_of(request),
        "csrf_token": context.get("csrf_token"),
    }
