"""Findings in plain words: what a pair's columns say to a reader. The site never says who is right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from claims.choices import CorrectionKind, Finding, Mechanism, ReplyState, ScopeAnswer
from claims.models import Contradiction, Statement
from sources.choices import SourceState, Tier
from sources.localising import day
from sources.models import Source

# Scope field → the question it answers, and what differs where the answer is “no”.
SCOPE_WORDS = {
    "same_event": (_("Do both speak of the same event?"), _("different events")),
    "same_time": (_("Do both speak of the same time?"), _("different times")),
    "same_referent": (_("Do both speak of the same people or things?"), _("different people or things")),
    "same_measure": (_("Do both count or define in the same way?"), _("different measures")),
}


def finding_sentence(pair: Contradiction) -> str:
    """The finding in one plain sentence."""
    if pair.finding == Finding.CONTRADICTS:
        return gettext(
            "As they stand, both accounts cannot hold: they speak of the same event and the same people or things."
        )
    if pair.finding == Finding.IN_TENSION:
        return gettext("The two accounts pull apart, but there is a reading on which both can hold.")
    apart = [str(words) for field, (_q, words) in SCOPE_WORDS.items() if getattr(pair, field) == ScopeAnswer.NO]
    return gettext("The two accounts only seem to conflict: they speak of %(what)s, and both can hold.") % {
        "what": listed(apart)
    }


def scope_answers(pair: Contradiction) -> list[tuple[str, str, str]]:
    """Each scope question with its answer: question, the answer's value, the answer in words."""
    return [
        (str(question), getattr(pair, field), str(ScopeAnswer(getattr(pair, field)).label))
        for field, (question, _words) in SCOPE_WORDS.items()
    ]


def mechanism_words(pair: Contradiction) -> str:
    """What in the language makes the two conflict: “Negation; Presupposition”."""
    return pgettext("between items", "; ").join(str(Mechanism(value).label) for value in pair.mechanisms)


@dataclass(frozen=True)
class Badge:
    """What the check of a statement's words found: the tier, its sign, and how the words recorded differ."""

    tier: str
    sign: str
    words: str | Promise


# The strictest first; a sign and words of its own for each tier, so that none is told by colour.
BADGES = {
    badge.tier: badge
    for badge in (
        Badge(Tier.EXACT, "✓", _("character for character")),
        Badge(Tier.WHITESPACE, "␣", _("only spacing differs")),
        Badge(Tier.TYPOGRAPHY, "“”", _("only typography differs")),
        Badge(Tier.CASE, "Aa", _("only capitals differ")),
        Badge(Tier.ELIDED, "[…]", _("in pieces, with a marked omission")),
    )
}

# Tier → words in a copy, the same as an editor may write them down, and what the badge means.
_EXAMPLES = {
    Tier.EXACT: ("we did not discuss it", "we did not discuss it", _("Every character is the same.")),
    Tier.WHITESPACE: (
        "we did not   discuss it",
        "we did not discuss it",
        _("Only spaces and line breaks differ, as when words are copied across the end of a line."),
    ),
    Tier.TYPOGRAPHY: (
        "we didn’t discuss it – at all",
        "we didn't discuss it - at all",
        _(
            "Only the form of marks differs: curly or straight quotation marks, dashes, dots, ligatures, full-width "
            "forms; in Arabic also marks over letters that one side leaves out."
        ),
    ),
    Tier.CASE: (
        "WE DID NOT DISCUSS IT",
        "We did not discuss it",
        _(
            "Only capitals differ, as when a headline is set in them. Abbreviations count as words of their own: US is "
            "not us."
        ),
    ),
    Tier.ELIDED: (
        "we did not, as I said on Monday, discuss it",
        "we did not, […] discuss it",
        _(
            "All pieces stand in the copy in this order; “[…]” marks where the editor left words out. Nothing may be "
            "left out that denies the words that stay."
        ),
    ),
}


def badge_examples() -> list[tuple[Badge, str, str, str | Promise]]:
    """Each badge with words in a copy, words as written down, and what it means."""
    return [(badge, *_EXAMPLES[Tier(tier)]) for tier, badge in BADGES.items()]


_STATE_MARKS = {
    SourceState.CHANGED: _("source changed"),
    SourceState.GONE: _("source gone"),
    SourceState.RETRACTED: _("source retracted"),
}


def state_mark(source: Source) -> str:
    """A short mark for whatever rests on a source that no longer stands as it was captured; "" while it does."""
    return "" if source.state == SourceState.LIVE else str(_STATE_MARKS[SourceState(source.state)])


# The gravest first: where a record changed in several ways, its mark tells this one.
CORRECTED = {
    CorrectionKind.CORRECTION: pgettext_lazy("with a day after it", "Corrected"),
    CorrectionKind.CLARIFICATION: pgettext_lazy("with a day after it", "Clarified"),
    CorrectionKind.UPDATE: pgettext_lazy("with a day after it", "Updated"),
    CorrectionKind.TYPO: pgettext_lazy("with a day after it", "Typing error corrected"),
}


def correction_mark(corrected: list[dict[str, Any]]) -> str:
    """“Corrected 23 November 2026”: the gravest class of change, on its last day; "" where nothing was changed.

    Takes what a record has from `with_corrections`.
    """
    for kind, words in CORRECTED.items():
        if dates := [each["at"] for each in corrected if each["kind"] == kind]:
            return f"{words} {day(datetime.fromisoformat(max(dates)))}"
    return ""


def reply_words(statement: Statement) -> str:
    """Whether those whom an allegation concerns were asked, and what came of it; "" where there is nothing to say."""
    if statement.reply_state == ReplyState.NOT_SOUGHT:
        return ""
    note = statement.reply_note
    if statement.reply_state == ReplyState.WAIVED:
        return _told(gettext("Nobody was asked for a reply:"), note)
    asked, how = statement.reply_sought_on, statement.reply_sought_how
    if statement.reply_state == ReplyState.GIVEN and not (asked or how):
        return note
    shapes = {
        (False, False): gettext("Asked for a reply; %(outcome)s"),
        (True, False): gettext("Asked for a reply on %(day)s; %(outcome)s"),
        (False, True): gettext("Asked for a reply, %(how)s; %(outcome)s"),
        (True, True): gettext("Asked for a reply on %(day)s, %(how)s; %(outcome)s"),
    }
    outcome = {
        ReplyState.SOUGHT: gettext("no answer yet."),
        ReplyState.GIVEN: gettext("they answered."),
        ReplyState.DECLINED: gettext("they declined to answer."),
    }[ReplyState(statement.reply_state)]
    said = shapes[bool(asked), bool(how)] % {"day": day(asked) if asked else "", "how": how, "outcome": outcome}
    return _told(said, note)


def _told(said: str, note: str) -> str:
    return f"{said} {note}" if note else said


def listed(items: list[str]) -> str:
    """Several things in a sentence: “a”, “a and b”, “a, b and c”."""
    if len(items) < 2:
        return "".join(items)
    some = pgettext("between items", ", ").join(items[:-1])
    return gettext("%(some)s and %(last)s") % {"some": some, "last": items[-1]}


_THIS = {
    "statement": pgettext_lazy("after “this”", "statement"),
    "contradiction": pgettext_lazy("after “this”", "contradiction"),
    "topic": pgettext_lazy("after “this”", "topic"),
}


def kind_of_record(record: Any) -> str:
    """What a sentence calls a record, or any record of its model, after “this”."""
    return str(_THIS[record._meta.model_name])
