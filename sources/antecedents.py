"""For whom “he”, “it” and “the ministry” stand: the last speaker whom the words can mean. Pure: no Django.

Only speakers of attributions are remembered, in the order of the text, so that an answer is a reading of the text and
never of the world. An answer is marked as coreference for an editor to confirm; "" where nobody fits.
"""

import re
from collections.abc import Callable

_PERSONAL = {"he", "she"}
_SOURCES = re.compile(
    r"\b(?:sources?|officials?|leaders|ministers|spokesmen|they|both|sides?|lawmakers|diplomats)\b| and ", re.IGNORECASE
)
_BODY = re.compile(
    r"\b(?:ministry|department|government|office|agency|command|council|committee|army|military|police|statement|house"
    r"|party|group|movement|union|embassy|court|parliament|treasury|pentagon|kremlin|sources?|officials|news|journal"
    r"|force|forces|organi[sz]ation|company|bank)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:spokes(?:man|woman|person)|minister|president|secretary|advis[eo]r|ambassador|envoy|general|colonel|senator"
    r"|governor|mayor|director|chief|leader|commander|chairman|chairwoman|king|prince|pope|analyst|expert|professor"
    r"|lawyer|judge|speaker|justice|official|diplomat|congress(?:man|woman)|lawmaker|mr|mrs|ms|dr)\b",
    re.IGNORECASE,
)
_TWO_NAMES = re.compile(r"(?:^|\s)[A-Z][\w’'-]+ (?:[A-Z]\.? |[a-z]{1,3}[ -])?[A-Z][\w’'-]+$")
_GENERIC = re.compile(r"(?:the|this|that|both)\s+", re.IGNORECASE)
MOST_REMEMBERED = 40  # Speakers; who spoke before that is not meant.


class Speakers:
    """The speakers so far, in order; asked for the one that a pronoun or a short form stands for."""

    def __init__(self) -> None:
        self._named: list[str] = []

    def remember(self, words: str) -> None:
        """Take in the full words for a speaker."""
        if words:
            self._named = [*(known for known in self._named if known != words), words][-MOST_REMEMBERED:]

    def last(self) -> str:
        return self._named[-1] if self._named else ""

    def meant_by(self, words: str) -> tuple[str, str]:
        """The antecedent ("" for none) and the determinacy of printed words: explicit or coreference."""
        lowered = words.lower()
        if lowered in _PERSONAL:
            return self._latest(_is_person), "coreference"
        if lowered == "it":
            return self._latest(lambda known: bool(_BODY.search(known)) or known[:4].lower() == "the "), "coreference"
        if lowered == "they":
            return self._latest(lambda known: bool(_SOURCES.search(known))) or self.last(), "coreference"
        generic = _GENERIC.match(words)
        tokens = _tokens(words[generic.end() :] if generic else words)
        # “The ministry” is none of its spokesmen.
        body = bool(generic and _BODY.search(words))
        longer = self._latest(
            lambda known: 0 < len(tokens) <= 3 and tokens < _tokens(known) and not (body and _is_person(known))
        )
        if generic and longer and words[generic.end()].islower():
            return longer, "coreference"
        return longer, "explicit"

    def _latest(self, fits: Callable[[str], bool]) -> str:
        return next((known for known in reversed(self._named) if fits(known)), "")


def _is_person(words: str) -> bool:
    """Whether the words hold a person's role, or end in two names: “Washington” alone may be a government."""
    name = words.split(",", maxsplit=1)[0]
    if " and " in words or re.search(r"(?:sources|officials|leaders|lawmakers|diplomats)$", name):
        return False
    last = " ".join(name.split()[-2:])
    if words[:4].lower() == "the " and _BODY.search(name):
        return False
    return bool(_ROLE.search(words) or (_TWO_NAMES.search(name) and not _BODY.search(last)))


def _tokens(words: str) -> set[str]:
    return {token.rstrip("s") for token in re.findall(r"\w+", words.lower()) if token not in {"the", "a", "an", "of"}}
