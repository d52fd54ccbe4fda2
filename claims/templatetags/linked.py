"""A record as data in its own page, for search engines and other programs."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from claims.linked import for_html, graph_of

register = template.Library()


@register.simple_tag
def linked_data(record: Any) -> SafeString:
    """The record as JSON-LD, in a block that no browser executes, and where it stands as a document of its own."""
    key = getattr(record, "ref", "") or record.slug
    return format_html(
        '<link rel="alternate" type="application/ld+json" href="{}">\n<script type="application/ld+json">{}</script>',
        reverse(f"linked_{record._meta.model_name}", args=[key]),
        mark_safe(for_html(graph_of(record))),  # noqa: S308  Escaped by for_html.
    )
