"""Absolute addresses, for what is read away from this site: under SITE_URL, in the language of the record."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def to(name: str, *args: str) -> str:
    """The address of a named route, whatever language the page around it speaks."""
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(reverse(name, args=args))


def page_of(record: Any) -> str:
    """The address of a record's page, the same for every reader: it names the record."""
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(record.get_absolute_url())
