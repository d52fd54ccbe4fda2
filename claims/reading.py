"""Findings in plain English: what a pair's columns say to a reader. The site never says who is right."""

from claims.choices import Finding, Mechanism, ScopeAnswer
from claims.models import Contradiction

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
