"""First guesses for the form that records a statement: which words are quoted, which verb reports them, which language.

Pure: text in, proposals out; no Django. Everything here only fills in a form that an editor then corrects; nothing is
stored or published because of it, so a rule of thumb is enough, and "no proposal" is better than a daring one.

sources/attributions.py goes further and proposes whole attributions.
"""

import re
import unicodedata
from typing import NamedTuple

from sources.anchoring import Span
from sources.cues import FoundCue, cues_within, is_negated
from sources.quotations import holds_a_name, printed_quotations, without_outlet_mark
from sources.sentences import PARAGRAPH, sentence_around


class Cue(NamedTuple):
    """A proposed cue: its words as printed ("replied … by saying"), its class and the polarity it gives the content."""

    words: str
    cue_class: str
    polarity: str


# After its content a cue ends the attribution; followed by one of these it opens another, or is a passive.
_OPENS_ANOTHER = re.compile(r"\s*(?::|(?:that|by)\b|(?:أن|إن)(?:ه|ها|هم)?\b)", re.IGNORECASE)
_ENDING_MARKS = ',،”»"—–'
_CONTENT_ENDS = re.compile(rf"[\s.?!؟]*[{_ENDING_MARKS}]")


def propose_mode(text: str, content: Span) -> tuple[str, list[Span]]:
    """How the content is given, "direct" (all quoted), "mixed" (a part) or "indirect" (none), and the quoted words.

    A comma or full stop just inside the closing mark is the outlet's (American typesetting) and left out of the span,
    but not the stop of "U.S." nor an ellipsis; ? and ! stay, they are the speaker's. Quotation marks around a name
    (calling itself “…”, known as, so-called) are no quotation. The mode "narrator" is never proposed: only a reader
    can tell it from "indirect". Raises ValueError when the content is not in the text.
    """
    content.of(text)
    return quoted_within(text, content, printed_quotations(text))


def quoted_within(text: str, content: Span, quotations: list[Span]) -> tuple[str, list[Span]]:
    """As propose_mode, for a caller that knows the quotations around the content already."""
    quoted: list[Span] = []
    for quotation in quotations:
        shared = quotation.overlap(content)
        if shared and not holds_a_name(text, quotation):
            words = without_outlet_mark(text, shared, at_mark=shared.end == quotation.end)
            if words and any(character.isalnum() for character in words.of(text)):
                quoted.append(words)
    if not quoted:
        return "indirect", []
    inside = {at for span in quoted for at in range(span.start, span.end)}
    whole = all(at in inside for at in range(content.start, content.end) if text[at].isalnum())
    return ("direct" if whole else "mixed"), quoted


def find_cue(text: str, content: Span, languages: str = "en") -> tuple[Cue, list[Span]] | None:
    """The reporting verb nearest to the content in its sentence, and where it stands (two spans for a form with "…").

    `languages` are BCP 47 tags with spaces between ("en ar"); those without rows in CUES are passed over. Words
    inside quotation marks are never a cue. A verb behind the content counts only after a comma or closing mark (“…,”
    it said) and not when it opens another content (said that …). A second half, “A,” he said. “B.”, takes the verb
    between the halves. A passive at the start of the content itself counts last (claimed by a group …). A negated
    verb ("did not deny") gives no proposal at all, since its class would be a guess; None too for a bare quotation
    (cue_class implicit) and the narrator's own words. Raises ValueError when the content is not in the text. Cost:
    one pass over the text.
    """
    content.of(text)
    quotations = printed_quotations(text)
    sentence = sentence_around(text, content, quotations)
    # Words out of a quotation are reported as the whole quotation is: “At no time did we discuss it,” he noted.
    around = [quotation for quotation in quotations if quotation.overlap(content)]
    low = min([content.start, *(quotation.start for quotation in around)])
    high = max([content.end, *(quotation.end for quotation in around)])
    candidates: list[tuple[int, int, FoundCue]] = []  # Distance, rank (smaller first), what was found.
    for found in cues_within(text, sentence, quotations, languages):
        if found.end <= low:
            candidates.append((low - found.end, found.start, found))
        elif found.start >= high:
            last = high - (text[high - 1] in _ENDING_MARKS)  # The content may take in its own comma or mark.
            if _CONTENT_ENDS.match(text, last, found.start) and not _OPENS_ANOTHER.match(text, found.end):
                candidates.append((found.start - high, -found.end, found))
        elif found.start == content.start and text[found.end :].startswith(" by "):
            candidates.append((len(text), 0, found))
    if not candidates and around:
        candidates = _between_halves(text, sentence, quotations, languages)
    if not candidates:
        return None
    chosen = min(candidates)[2]
    if is_negated(text, chosen.start):
        return None
    words = " … ".join(place.of(text) for place in chosen.places)
    return Cue(words, chosen.row.cue_class, chosen.row.polarity), chosen.places


def propose_language(text: str) -> str:
    """A BCP 47 language by script alone: "ar", "fa", "ckb", "ur", "he", "ru", or "" when the script does not tell.

    Latin script gives "": the caller then takes the source's own language. Within the Arabic script, letters that
    only Sorani Kurdish or only Urdu uses decide, then whether Persian or Arabic letter forms are more. Cyrillic
    letters that Russian lacks give "" rather than the wrong neighbour. The script with most letters wins; ties and no
    letters give "".
    """
    scripts = {"ARABIC": 0, "HEBREW": 0, "CYRILLIC": 0}
    others = 0
    for character in text:
        if character.isalpha():
            script = unicodedata.name(character, "").partition(" ")[0]
            if script in scripts:
                scripts[script] += 1
            else:
                others += 1
    script, count = max(scripts.items(), key=lambda item: item[1])
    if count <= others or list(scripts.values()).count(count) > 1:
        return ""
    if script == "HEBREW":
        return "he"
    if script == "CYRILLIC":
        return "" if re.search("[іїєґўјљњћђџѓќәғқңөұүһ]", text, re.IGNORECASE) else "ru"
    if re.search("[ڕڵێۆە]", text):
        return "ckb"
    if re.search("[ٹڈڑںے]", text):
        return "ur"
    return "fa" if len(re.findall("[پچژگکی]", text)) > len(re.findall("[يكةىأإ]", text)) else "ar"


def _between_halves(
    text: str, sentence: Span, quotations: list[Span], languages: str
) -> list[tuple[int, int, FoundCue]]:
    """Cues of the sentence before, when that one ends a first half: “A,” he said. “B.” with the content in B."""
    before = text[: sentence.start].rstrip()
    if not before or PARAGRAPH.search(text, len(before), sentence.start):
        return []
    previous = sentence_around(text, Span(len(before) - 1, len(before)), quotations)
    return [
        (sentence.start - found.end, found.start, found)
        for found in cues_within(text, previous, quotations, languages)
        if any(previous.start <= quotation.start and quotation.end < found.start for quotation in quotations)
        and not _OPENS_ANOTHER.match(text, found.end)
    ]
