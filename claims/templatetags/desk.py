"""What the desk's front page asks of the records."""

from django import template

from claims.admin.queue import waiting

register = template.Library()


@register.simple_tag
def waiting_count() -> int:
    """How many things wait for an editor's decision; five counts."""
    return waiting()
