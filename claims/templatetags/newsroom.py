"""How this newsroom works, for every page of the desk."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def single_editor() -> bool:
    """Whether one person may approve the own work here."""
    return bool(settings.SINGLE_EDITOR)
