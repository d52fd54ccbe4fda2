"""Findings in plain English: what a pair's columns say to a reader. The site never says who is right."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claims.choices import CorrectionKind, Finding, Mechanism, ReplyState, ScopeAnswer
from claims.models import Contradiction, Statement
from sources import edtf
from sources.choices import SourceState, Tier
from sources.models import Source

# Scope field → the question it answers, and what differs where the answer is “no”.
SCOPE_WORDS = {
    "same_event": ("Do both speak of the same event?", "different events"),
    "same_time": ("Do both speak of the same time?", "different times"),
    "same_referent": ("Do both speak of the same people or things?", "different people or things"),
    "same_measure": ("Do both count or define in the same way?", "different measures"),
}


def finding_sentence(pair: Contradiction) -> str:
    """The finding in one plain sentence."""
    if pair.finding == Finding.CONTRADICTS:
        return "As they stand, both accounts cannot hold: they speak of the same event and the same people or things."
    if pair.finding == Finding.IN_TENSION:
        return "The two accounts pull apart, but there is a reading on which both can hold."
    apart = [words for field, (_, words) in SCOPE_WORDS.items() if getattr(pair, field) == ScopeAnswer.NO]
    return f"The two accounts only seem to conflict: they speak of {' and '.join(apart)}, and both can hold."


def scope_answers(pair: Contradiction) -> list[tuple[str, str, str]]:
    """Each scope question with its answer: question, the answer's value, the answer in words."""
    return [
        (question, getattr(pair, field), ScopeAnswer(getattr(pair, field)).label)
        for field, (question, _) in SCOPE_WORDS.items()
    ]


def mechanism_words(pair: Contradiction) -> str:
    """What in the language makes the two conflict: “Negation; Presupposition”."""
    return "; ".join(Mechanism(value).label for value in pair.mechanisms)


@dataclass(frozen=True)
class Badge:
    """What the check of a statement's words found: the tier, its sign, and how the words recorded differ."""

    tier: str
    sign: str
    words: str


# The strictest first; a sign and words of its own for each tier, so that none is told by colour.
BADGES = {
    badge.tier: badge
    for badge in (
        Badge(Tier.EXACT, "✓", "character for character"),
        Badge(Tier.WHITESPACE, "␣", "only spacing differs"),
        Badge(Tier.TYPOGRAPHY, "“”", "only typography differs"),
        Badge(Tier.CASE, "Aa", "only capitals differ"),
        Badge(Tier.ELIDED, "[…]", "in pieces, with a marked omission"),
    )
}

# Tier → words in a copy, the same as an editor may write them down, and what the badge means.
_EXAMPLES = {
    Tier.EXACT: ("we did not discuss it", "we did not discuss it", "Every character is the same."),
    Tier.WHITESPACE: (
        "we did not   discuss it",
        "we did not discuss it",
        "Only spaces and line breaks differ, as when words are copied across the end of a line.",
    ),
    Tier.TYPOGRAPHY: (
        "we didn’t discuss it – at all",
        "we didn't discuss it - at all",
        (
            "Only the form of marks differs: curly or straight quotation marks, dashes, dots, ligatures, full-width "
            "forms; in Arabic also marks over letters that one side leaves out."
        ),
    ),
    Tier.CASE: (
        "WE DID NOT DISCUSS IT",
        "We did not discuss it",
        (
            "Only capitals differ, as when a headline is set in them. Abbreviations count as words of their own: US is "
            "not us."
        ),
    ),
    Tier.ELIDED: (
        "we did not, as I said on Monday, discuss it",
        "we did not, […] discuss it",
        (
            "All pieces stand in the copy in this order; “[…]” marks where the editor left words out. Nothing may be "
            "left out that denies the words that stay."
        ),
    ),
}


def badge_examples() -> list[tuple[Badge, str, str, str]]:
    """Each badge with words in a copy, words as written down, and what it means."""
    return [(badge, *_EXAMPLES[Tier(tier)]) for tier, badge in BADGES.items()]


def state_mark(source: Source) -> str:
    """A short mark for whatever rests on a source that no longer stands as it was captured; "" while it does."""
    return "" if source.state == SourceState.LIVE else f"source {source.get_state_display().lower()}"


# The gravest first: where a record changed in several ways, its mark tells this one.
CORRECTED = {
    CorrectionKind.CORRECTION: "Corrected",
    CorrectionKind.CLARIFICATION: "Clarified",
    CorrectionKind.UPDATE: "Updated",
    CorrectionKind.TYPO: "Typing error corrected",
}


def day(moment: date) -> str:
    """A day in words: “23 November 2026”; of a moment its day in UTC."""
    return edtf.label(edtf.UncertainDate(moment, moment, "day"))


def correction_mark(corrected: list[dict[str, Any]]) -> str:
    """“Corrected 23 November 2026”: the gravest class of change, on its last day; "" where nothing was changed.

    Takes what a record has from `with_corrections`.
    """
    for kind, words in CORRECTED.items():
        if dates := [each["at"] for each in corrected if each["kind"] == kind]:
            return f"{words} {day(datetime.fromisoformat(max(dates)).date())}"
    return ""


def reply_words(statement: Statement) -> str:
    """Whether those whom an allegation concerns were asked, and what came of it; "" where there is nothing to say."""
    when = f" on {day(statement.reply_sought_on)}" if statement.reply_sought_on else ""
    how = f", {statement.reply_sought_how}" if statement.reply_sought_how else ""
    note = f" {statement.reply_note}" if statement.reply_note else ""
    asked = f"Asked for a reply{when}{how}"
    return {
        ReplyState.NOT_SOUGHT: "",
        ReplyState.SOUGHT: f"{asked}; no answer yet.{note}",
        ReplyState.GIVEN: f"{asked}; they answered.{note}" if when or how else note.strip(),
        ReplyState.DECLINED: f"{asked}; they declined to answer.{note}",
        ReplyState.WAIVED: f"Nobody was asked for a reply:{note}",
    }[ReplyState(statement.reply_state)]
