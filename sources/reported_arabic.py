"""The attributions of one Arabic sentence, where the verb stands before its speaker: قال الوزير إن …

Pure: no Django. The same rules as for English, in fewer forms: with أن or إن (alone or with a pronoun joined to it),
with quotation marks, and with بحسب and وفقا ل. A verb without a named subject (وأضاف أن …) continues the last speaker.
"""

import re

from sources.anchoring import Span
from sources.clauses import trimmed
from sources.cues import FoundCue, cues_within, is_negated
from sources.quotations import holds_a_name
from sources.reported import LONGEST, Reported, Sentence

_PARTICLE = re.compile(r"(?<!\w)ب?[أإ]ن(?:ه|ها|هم|هما|نا|ني)?(?!\w)")
_TO_QUOTE = re.compile(r"\s*[:،]?\s*(?=[«“\"])")
_ADVERBIAL = re.compile(
    r"(?<!\w)(?:في|خلال|أمس|اليوم|يوم|عبر|إلى|على|من|بعد|قبل|لدى|أثناء|مساء|صباح|ردا"
    r"|ل(?:صحيفة|وكالة|قناة|لصحفيين|لصحافيين)\w*"
    r"|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت)(?!\w)"
)
_ACCORDING = {"بحسب", "وفقا ل", "وفقاً ل"}
MOST_WORDS = 10  # Of a speaker: more is a clause.


def reported_in_arabic(sentence: Sentence) -> list[Reported]:
    """The attributions of a sentence, in the order of their verbs."""
    span, plain = sentence.span, sentence.plain
    if len(span) > LONGEST or span.of(plain).rstrip().endswith("؟"):
        return []
    cues = sorted(cues_within(plain, span, (), "ar"), key=lambda cue: cue.start)
    found: list[Reported] = []
    low = span.start
    for at, cue in enumerate(cues):
        if cue.start < low or is_negated(plain, cue.start):
            continue
        made = _attribution(sentence, cue, cues[at + 1 :], low)
        if made:
            found.append(made)
            low = max(low, cue.end, made.content.end)
    return found


def _attribution(sentence: Sentence, cue: FoundCue, later: list[FoundCue], low: int) -> Reported | None:
    plain, end = sentence.plain, sentence.span.end
    before = plain[low : cue.start].rstrip(" و")
    if cue.places[0].of(plain) in _ACCORDING or before[-1:] in ("،", "»", "”", '"'):
        made = _behind(sentence, cue, low, before)
        if made or cue.places[0].of(plain) in _ACCORDING:
            return made
    opening = next((q for q in sentence.quotations if q.start > cue.end and not holds_a_name(sentence.text, q)), None)
    particle = _PARTICLE.search(plain, cue.end, min(end, cue.end + 160))
    quoted = opening and _TO_QUOTE.search(plain, cue.end, opening.start)
    if particle and (not opening or particle.start() < opening.start):
        start = particle.end() if particle.group().lstrip("ب") in {"أن", "إن"} else particle.start()
        subject_end = particle.start()
    elif opening and quoted and quoted.end() == opening.start - 1 and opening.start - cue.end < 160:
        start, subject_end = opening.start - 1, quoted.start()
    else:
        return None
    speaker = _speaker(plain, cue.end, subject_end)
    between = plain[cue.end : subject_end].strip(" ،:")
    if speaker is None and between and not _ADVERBIAL.match(between):
        return None
    if speaker is None:
        speaker = _speaker_first(plain, low, cue.start)
    content = sentence.content(start, _clause_end(sentence, start, later))
    return Reported(content, tuple(cue.places), cue.row.cue_class, cue.row.polarity, speaker) if content else None


def _behind(sentence: Sentence, cue: FoundCue, low: int, before: str) -> Reported | None:
    """The words stand before the verb, or before بحسب: «…»، قال الوزير."""
    plain, end = sentence.plain, sentence.span.end
    stop = re.compile(r"[،.:؛«“]|$").search(plain, cue.end, end)
    speaker = _speaker(plain, cue.end, stop.start() if stop else end)
    if not speaker or (len(before.split()) < 2 and not sentence.quotations):
        return None
    if plain[stop.start() if stop else end : end].strip(" .،"):
        return None
    content = sentence.content(low, low + len(before))
    return Reported(content, tuple(cue.places), cue.row.cue_class, cue.row.polarity, speaker) if content else None


def _speaker(plain: str, start: int, end: int) -> Span | None:
    """The noun phrase behind a verb, without the adverbials that follow it."""
    comma = plain.find("،", start, end)
    high = comma if comma > start else end
    adverbial = _ADVERBIAL.search(plain, start, high)
    span = trimmed(plain, start, adverbial.start() if adverbial else high)
    if not span or len(span.of(plain).split()) > MOST_WORDS or not re.match(r"\w", span.of(plain)):
        return None
    return Span(span.start, span.start + len(span.of(plain).rstrip(" :،")))


def _speaker_first(plain: str, low: int, end: int) -> Span | None:
    """The noun phrase before a verb that has none behind it: الوزير قال إن …"""
    start = max(low, *(plain.rfind(mark, low, end) + 1 for mark in "،:؛."))
    span = trimmed(plain, start, end)
    if not span or len(span.of(plain).split()) > 4 or not span.of(plain).startswith("ال"):
        return None
    return span


def _clause_end(sentence: Sentence, start: int, later: list[FoundCue]) -> int:
    """Where reported words end: before وقال, وأضاف … that reports in its turn, or at the end of the sentence."""
    plain, end = sentence.plain, sentence.span.end
    for cue in later:
        joined = re.search(r"[،؛]\s*[وف]?$|\sو$", plain[max(start, cue.start - 6) : cue.start])
        if cue.start > start and joined and _PARTICLE.search(plain, cue.end, min(end, cue.end + 160)):
            return cue.start - len(joined.group())
    return end
