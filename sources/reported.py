"""The attributions of one English sentence: which verb reports which words of whom. Pure: no Django.

Rules of the language, not of one outlet: the words stand before, after or around the verb, with or without "that", as
a noun phrase after verbs such as "reaffirmed", or in a passive ("claimed by …"). What is negated, asked, wished or
supposed is no attribution. Cost: linear in the sentence but for its cues, which are few.
"""

import re
from dataclasses import dataclass

from sources.anchoring import Span
from sources.clauses import (
    BLANK,
    PRONOUNS,
    after_addressee,
    after_adjuncts,
    first_finite,
    first_subject,
    name_of_speaker,
    subject_after,
    subject_before,
    trimmed,
)
from sources.cues import FoundCue, cues_within, is_negated
from sources.quotations import without_outlet_mark

LONGEST = 4_000  # Code points; a longer "sentence" is a table or a list, and nothing is proposed from it.

_TOLD = {"told", "tells", "telling", "informed", "informs", "informing", "warned", "warns", "warning", "mentioned"}
_NEEDS_THAT = {"added", "adds", "adding", "wrote", "writes", "writing", "pointed", "agreed", "agrees", "mentioned"} | {
    *("mentions", "states", "notes", "claims", "calls", "demands", "forecast", "promises", "pledges", "announced"),
    *("announces", "called", "remarked", "responded", "replied", "responding", "replying", "expected", "made clear"),
    *("countered", "retorted", "describing", "calling", "rejecting", "calls", "remarks"),
}
_PLAIN_SAYING = {
    "said",
    "says",
    "say",
    "told",
    "tells",
    "saying",
    "telling",
    "believes",
    "argued",
    "argues",
    "pointed out",
}
_TAKES_A_NOUN = {
    "deny",
    "rebut",
    "confirm",
    "emphasise",
    "promise",
    "demand",
    "warn",
    "predict",
    "claim",
    "characterise",
}
_EXPRESSED = {"expressed", "expresses", "expressing"}
_SPEECH_VERBS = re.compile(r"\s*(?:comment|say|confirm|answer|discuss|elaborate|disclose|acknowledge|respond|give)\b")
_THAT = re.compile(r"\s*,?\s*that\b(?!\s+of\b)")
_AND_THAT = re.compile(r",?\s+and\s+that\b(?!\s+of\b)")
_COLON = re.compile(r"\s*:\s+")
_TO_QUOTE = re.compile(r"\s*[,:—]?\s*(?=[“\"«])")
_BARE_START = re.compile(
    r"\s+(?!(?:of|about|with|for|against|from|by|at|in|on|to|as|so|it all|goodbye|hello|more|little|nothing|and|or|but"
    r"|yes|no)\b)(?=[\w$€£])",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"\b(?:agreement|law|constitution|plan|schedule|article|resolution|rules?|standards?|norms|charter|framework|policy"
    r"|terms|need|needs|committee’s)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(?:(?:And|But|So|Or)\s+)?(?:Did|Does|Do|Is|Are|Was|Were|Has|Have|Had|Can|Could|Will|Would|Should|What|Why|How"
    r"|When|Who|Where|Which|Any)\b"
)
_SPEECH_NOUN = re.compile(
    r"\b(warning|statement|message|reply|answer|declaration|tweet|post|comment|promise)\b[^.:“\"«]{0,60}:\s*(?=[“\"«])"
)
_NOUN_CLASS = {"warning": "warn", "reply": "rebut", "promise": "promise"}
_NEW_PREDICATE = re.compile(
    r",?\s+and\s+(?:also\s+|then\s+)?(?:discussed\b|(?:[a-z]{3,}ed|met|held)\s+"
    r"(?:the|an?|their|his|her|its|to|that|on|for|with|continued|how)\b)"
)
_NEW_CLAUSE = re.compile(r",\s+(?:and|but|while|whereas)\s+(?=(?:the|[A-Z]))")
_CITED = re.compile(r",\s+(?:citing|quoting|referring to)\s")
_RELATIVE_END = re.compile(r"\b(?:that|who|which|whose)$")


@dataclass(frozen=True, slots=True)
class Reported:
    """One attribution of a sentence: words, cue, and the words for the speaker (None for Arabic verbs that hold it)."""

    content: Span
    places: tuple[Span, ...]
    cue_class: str
    polarity: str
    speaker: Span | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the rules look at: the kept text, its plain form (see sources/clauses.py), the sentence, its quotations."""

    text: str
    plain: str
    span: Span
    quotations: list[Span]

    def quotation_at(self, mark: int) -> Span | None:
        """The quotation whose opening mark stands at an offset."""
        return next((quotation for quotation in self.quotations if quotation.start == mark + 1), None)

    def content(self, start: int, end: int) -> Span | None:
        """The words between two offsets without the sentence's own marks; a whole quotation without its marks too."""
        span = trimmed(self.text, start, end)
        if not span:
            return None
        start, end = span.start, span.end
        first = self.quotation_at(start)
        if first and end <= first.end + 2 and not any(c.isalnum() for c in self.text[first.end : end]):
            return without_outlet_mark(self.text, first, at_mark=True)
        while end > start and self.text[end - 1] in ",;:—–-":
            end = (trimmed(self.text, start, end - 1) or span).end if end - 1 > start else start
        ends = trimmed(self.text, start, end)
        return without_outlet_mark(self.text, ends, at_mark=True) if ends else None


def reported_in(sentence: Sentence, languages: str) -> list[Reported]:
    """The attributions of a sentence, in the order of their cues."""
    span, plain = sentence.span, sentence.plain
    if len(span) > LONGEST or (_QUESTION.match(plain, span.start) and span.of(sentence.text).rstrip().endswith("?")):
        return []
    cues = sorted(_widest(list(cues_within(plain, span, (), languages))), key=lambda cue: cue.start)
    found: list[Reported] = []
    low = span.start
    speaker: Span | None = None
    for at, cue in enumerate(cues):
        if cue.start < low or is_negated(plain, cue.start):
            continue
        made = _attributions(sentence, cue, cues[at + 1 :], low, speaker)
        if made:
            found += made
            speaker = made[-1].speaker
            low = max(low, cue.end, *(item.content.end for item in made))
    return found or _by_noun(sentence)


def _widest(cues: list[FoundCue]) -> list[FoundCue]:
    """Without those that stand within a longer one: “saying” in “replied … by saying”."""
    return [
        cue
        for cue in cues
        if not any(
            other is not cue and other.start <= cue.start and cue.end <= other.end and len(other.places) > 1
            for other in cues
        )
    ]


def _attributions(
    sentence: Sentence, cue: FoundCue, later: list[FoundCue], low: int, last: Span | None
) -> list[Reported]:
    plain, end = sentence.plain, sentence.span.end
    form = " … ".join(place.of(plain).lower() for place in cue.places)
    if form == "according to":
        return _according_to(sentence, cue, low)
    passive = re.compile(r"\s+by\s+(?=\S)").match(plain, cue.end, end)
    if passive and plain[low : cue.start].rstrip().endswith(","):
        return _by_whom(sentence, cue, passive.end())
    outcome, subject = subject_before(plain, low, cue.places[0])
    after = _behind(sentence, cue, low, subject if outcome == "found" else None)
    if after:
        return after
    if outcome == "none":
        return []
    speaker = subject or last or first_subject(plain, sentence.span.start, cue.start)
    if not speaker or speaker.of(plain).lower() in {"i", "we"}:
        return []
    if cue.row.cue_class == "decline":
        return _declined(sentence, cue, speaker, later)
    placed = _content_after(sentence, cue, form)
    if placed is None:
        return []
    kind, start = placed
    high = end if kind == "colon" else _clause_end(sentence, start, later, noun=kind == "noun")
    parts = [(start, high)]
    if kind in {"that", "bare"} and (second := _AND_THAT.search(plain, start, high)):
        parts = [(start, second.start()), (second.end(), high)]
    contents = [content for low, high in parts if (content := sentence.content(low, high))]
    if kind == "bare" and not _is_clause(sentence, contents, form):
        return []
    return [_reported(cue, content, speaker) for content in contents]


def _reported(cue: FoundCue, content: Span, speaker: Span | None) -> Reported:
    return Reported(content, tuple(cue.places), cue.row.cue_class, cue.row.polarity, speaker)


def _is_clause(sentence: Sentence, contents: list[Span], form: str) -> bool:
    if not contents or len(contents[0].of(sentence.text).split()) < 3:
        return False
    return form in _PLAIN_SAYING or first_finite(sentence.plain, contents[0].start, contents[0].end) is not None


def _content_after(sentence: Sentence, cue: FoundCue, form: str) -> tuple[str, int] | None:
    """How and where the words begin after the verb: "that", "quote", "colon", "noun" or "bare"; None: nowhere."""
    plain, end = sentence.plain, sentence.span.end
    start = cue.end
    if cue.row.cue_class == "characterise":
        return _described(sentence, start)
    if form in _TOLD:
        start = after_addressee(plain, start, end)
    behind = after_adjuncts(plain, start, end)
    if that := _THAT.match(plain, behind, end):
        return "that", that.end()
    mark = _TO_QUOTE.match(plain, behind, end)
    if mark and sentence.quotation_at(mark.end()):
        return "quote", mark.end()
    if colon := _COLON.match(plain, behind, end):
        return "colon", colon.end()
    if form.endswith("that"):
        return "that", cue.end
    noun = cue.row.cue_class in _TAKES_A_NOUN or form in _EXPRESSED
    if noun and form not in _NEEDS_THAT and re.compile(r"\s+[\w$€£]").match(plain, cue.end, end):
        return ("bare" if form in _TOLD else "noun"), (start if form in _TOLD else cue.end)
    if form in _NEEDS_THAT or noun or (form not in _PLAIN_SAYING and cue.row.cue_class not in {"report", "rebut"}):
        return None
    if (
        form.endswith("ing")
        and len(cue.places) == 1
        and not plain[max(0, cue.start - 20) : cue.start].rstrip().endswith(",")
    ):
        return None
    bare = _BARE_START.match(plain, behind, end)
    return ("bare", bare.end()) if bare else None


def _described(sentence: Sentence, start: int) -> tuple[str, int] | None:
    """“described X as Y” and “called X “Y””: a name for something counts when some of it is quoted."""
    quotation = next((quotation for quotation in sentence.quotations if start < quotation.start), None)
    between = quotation and sentence.plain[start : quotation.start - 1]
    if (
        not quotation
        or not between
        or not between.strip()
        or len(between) > 120
        or re.search(r"[;:]|\b(?:said|that)\b", between)
    ):
        return None
    return "quote", start


def _clause_end(sentence: Sentence, start: int, later: list[FoundCue], *, noun: bool) -> int:
    """Where reported words end: before the next verb that reports, or at the end of the sentence."""
    plain, end = sentence.plain, sentence.span.end
    for cue in later:
        if cue.start <= start:
            continue
        before = plain[start : cue.start].rstrip()
        form = cue.places[0].of(plain).lower()
        if form == "according to" and before.endswith(","):
            end = start + len(before)
            break
        joined = re.search(
            r"(?:,\s*(?:and|but|while)?|\b(?:and|but))(?:\s+(?:also|further|then|[a-z]+ly))?$", before[-30:]
        )
        placed = _content_after(sentence, cue, form)
        shares = joined is not None and (form.endswith("ing") or not joined.group().endswith(","))
        if joined and placed and shares and (placed[0] in {"that", "quote"} or noun or joined.group()[0] == ","):
            end = start + len(before) - len(joined.group())
            break
        outcome, subject = subject_before(plain, start, cue.places[0])
        if outcome == "found" and subject and placed and placed[0] in {"that", "quote", "noun"}:
            lead = plain[start : subject.start].rstrip()
            joint = re.search(r"(?:[,;]\s*(?:and|but|while|whereas|as)?|[”\"»]\s+(?:and|but|while)|\band)$", lead[-12:])
            if joint and (noun or joint.group() != "and"):
                end = start + len(lead) - len(joint.group().lstrip('”"»'))
                break
    if cited := _CITED.search(plain, start, end):
        end = cited.start()
    if noun:
        if new := _NEW_PREDICATE.search(plain, start, end):
            end = new.start()
        for new in _NEW_CLAUSE.finditer(plain, start, end):
            verb = first_finite(plain, new.end(), min(end, new.end() + 80))
            name = name_of_speaker(plain, new.end(), verb) if verb else None
            if name and not _RELATIVE_END.search(name.of(plain)):
                end = new.start()
                break
    return end


def _behind(sentence: Sentence, cue: FoundCue, low: int, subject: Span | None) -> list[Reported]:
    """The words stand before the verb: “…,” it said; “…,” said the minister; The talks go on, the ministry said."""
    plain, end = sentence.plain, sentence.span.end
    told = cue.places[-1].of(plain).lower() in _TOLD
    rest = after_addressee(plain, cue.end, end) if told else cue.end
    if subject is None:
        inverted = subject_after(plain, cue.end, end) if plain[low : cue.start].rstrip()[-1:] in '”"»,' else None
        if not inverted or cue.start == low:
            return []
        subject, rest = inverted
        head = cue.start
    else:
        head = subject.start
    before = plain[low:head].rstrip()
    quoted = next((q for q in reversed(sentence.quotations) if low <= q.start and q.end <= low + len(before)), None)
    tail = before[before.rfind(BLANK) + 1 :] if quoted else before[-1:]
    by_quotation = bool(quoted) and not any(character.isalnum() for character in tail)
    if not by_quotation and not before.endswith(","):
        return []
    rest = after_adjuncts(plain, rest, end) if not _TO_QUOTE.match(plain, rest, end) else rest
    terminal = re.compile(r"[\s.,;—–]*$").match(plain, rest, end)
    if by_quotation:
        goes_on = re.compile(r"\s*(?:[,;.—–:]|(?:but|and|while|as|before|after|when)\b)").match(plain, rest, end)
        if not terminal and not goes_on:
            return []
    elif not terminal or subject_is_adverbial(plain, low, head) or len(before.split()) < 4:
        return []
    start = low
    if opener := re.compile(r"(?:And|But|Meanwhile,)\s+").match(plain, low, head):
        start = opener.end()
    if by_quotation and quoted and (second := _TO_QUOTE.match(plain, rest, end)):
        following = sentence.quotation_at(second.end())
        if following and sentence.text[following.start].islower():
            content = sentence.content(start, following.end + 1)
            return [_reported(cue, content, subject)] if content else []
        if following:
            contents = [sentence.content(start, low + len(before)), sentence.content(second.end(), end)]
            return [_reported(cue, content, subject) for content in contents if content]
    content = sentence.content(start, low + len(before))
    return [_reported(cue, content, subject)] if content else []


def subject_is_adverbial(plain: str, low: int, head: int) -> bool:
    """Whether the words before a subject are no clause of their own: In a statement, …"""
    return first_finite(plain, low, head) is None


def _according_to(sentence: Sentence, cue: FoundCue, low: int) -> list[Reported]:
    plain, end = sentence.plain, sentence.span.end
    stop = re.compile(r"[,;.](?=\s|$)|[—“\"«]|$").search(plain, cue.end, end)
    name = name_of_speaker(plain, cue.end, stop.start() if stop else end)
    if not name or _DOCUMENT.search(name.of(plain)):
        return []
    before = trimmed(plain, low, cue.start)
    if before and re.search(r"\w", before.of(plain)):
        rest = plain[name.end : end].strip(' .,”"»')
        if rest or first_finite(plain, low, cue.start) is None:
            return []
        content = sentence.content(low, cue.start)
    else:
        content = sentence.content(stop.end() if stop else end, end)
    return [_reported(cue, content, name)] if content else []


def _by_whom(sentence: Sentence, cue: FoundCue, start: int) -> list[Reported]:
    """A passive behind its noun (“…, claimed by an unknown group calling itself …”): the clause is the words."""
    plain, end = sentence.plain, sentence.span.end
    stop = re.compile(r"[,;.—“\"«]|\s(?:calling|called|named|known|which|that|who|whose|on|in|after)\b|$").search(
        plain, start, end
    )
    name = name_of_speaker(plain, start, stop.start() if stop else end)
    comma = plain.find(",", start, end)
    content = sentence.content(cue.start, comma if comma != -1 else end)
    return [_reported(cue, content, name)] if name and content else []


def _declined(sentence: Sentence, cue: FoundCue, speaker: Span, later: list[FoundCue]) -> list[Reported]:
    """“declined to comment on …”: what was declined is the words; “refused to withdraw” is an act, not speech."""
    speech = _SPEECH_VERBS.match(sentence.plain, cue.end) or re.search(r"to \w+$", cue.places[-1].of(sentence.plain))
    if not speech:
        return []
    content = sentence.content(cue.start, _clause_end(sentence, cue.end, later, noun=True))
    return [_reported(cue, content, speaker)] if content else []


def _by_noun(sentence: Sentence) -> list[Reported]:
    """A noun of speech before a colon and a quotation: President X issued a warning to Y: “…”"""
    plain, span = sentence.plain, sentence.span
    noun = _SPEECH_NOUN.search(plain, span.start, span.end)
    if not noun:
        return []
    comma = plain.rfind(",", span.start, noun.start())
    starts = [comma + 1] if comma != -1 else []
    for start in (*starts, span.start):
        speaker = first_subject(plain, start, noun.start())
        content = sentence.content(noun.end(), span.end)
        if speaker and content and speaker.of(plain).lower() not in PRONOUNS - {"he", "she", "it", "they"}:
            cue_class = _NOUN_CLASS.get(noun[1].lower(), "report")
            return [Reported(content, (Span(*noun.span(1)),), cue_class, "affirm", speaker)]
    return []
