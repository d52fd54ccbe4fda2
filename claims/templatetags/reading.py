"""What templates need to set words in any script and dates of any precision."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from claims.accounts import Account, account, shown_words
from claims.choices import CueClass
from claims.models import Statement
from claims.reading import correction_mark, listed, mechanism_words, reply_words, state_mark
from sources.localising import day, label, minute, second

register = template.Library()

_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"}
_MARKS = {"ar": "«»", "fa": "«»", "fr": "«»", "ru": "«»", "de": "„“"}


def _primary(language: str) -> str:
    """The language of a BCP 47 tag without script, region and variants."""
    return language.partition("-")[0].lower()


register.filter("mechanism_words", mechanism_words)
register.filter("date_label", label)
register.filter("state_mark", state_mark)
register.filter("correction_mark", correction_mark)
register.filter("day", day)
register.filter("minute", minute)
register.filter("second", second)
register.filter("reply_words", reply_words)


@register.filter(name="account")
def as_account(statement: Statement) -> Account:
    """A statement as an account. No query after `with_words`."""
    return account(statement)


@register.filter
def listed_names(names: Iterable[str]) -> SafeString:
    """Names in a sentence, each read in its own direction."""
    return mark_safe(listed([format_html("<bdi>{}</bdi>", name) for name in names]))  # noqa: S308  Escaped here.


@register.inclusion_tag("claims/_short_words.html")
def short_words(statement: Statement, words: str = "") -> dict[str, object]:
    """The given words of a statement, or its content; quotation marks only where they were verified."""
    shown, quoted = shown_words(statement, words)
    denied = statement.cue if statement.cue_class == CueClass.DENY else ""  # Else a denial reads as an assertion.
    return {
        "words": shown,
        "quoted": quoted,
        "language": statement.language,
        "denied": denied,
        "statement": statement,
    }


@register.simple_tag
def single_editor() -> bool:
    """Whether the newsroom publishes without a second reader, which every page then says."""
    return settings.SINGLE_EDITOR


@register.filter
def site(url: str) -> str:
    """The name of the site that an address leads to."""
    return urlsplit(url).hostname or ""


@register.filter
def direction(language: str) -> str:
    """“rtl” or “ltr” for a BCP 47 tag."""
    return "rtl" if _primary(language) in _RIGHT_TO_LEFT else "ltr"


@register.filter
def opening(language: str) -> str:
    """The opening quotation mark of a language."""
    return _MARKS.get(_primary(language), "“”")[0]


@register.filter
def closing(language: str) -> str:
    """The closing quotation mark of a language."""
    return _MARKS.get(_primary(language), "“”")[1]
