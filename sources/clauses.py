"""Who speaks and where the words end: the parts of an English sentence around a reporting verb. Pure: no Django.

There is no parser here: a few closed word classes (conjunctions, prepositions, auxiliaries) and the marks between
clauses say where a subject begins and a reported clause ends. Where they do not say it, the answer is None and nothing
is proposed. Every function reads a *plain* text: line breaks are spaces and the words between quotation marks are
blanked, so that offsets are those of the kept text and quoted words are never taken for a verb or a comma. Every
expression is bounded or anchored, so that each call is linear in the sentence it reads.
"""

import re

from sources.anchoring import Span

BLANK = "\u2592"  # Stands for each character between quotation marks in a plain text.

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?"
_WHEN = rf"(?:(?:on |late |early |last )?{_DAY}|yesterday|today|(?:earlier|later) (?:today|this week|on {_DAY})|earlier"
_WHEN += r"|(?:last|this) (?:week|month|year|morning|evening)|a (?:moment|week|day|month|year) ago)"
_MODIFIER = re.compile(
    rf"(?:^|(?<=[ ’'\u2592]))(?:has|have|had|is|are|was|were|been|also|just|then|now|again|further|once|still|have both"
    rf"|quoted as|[a-z]{{2,20}}ly|{_WHEN})$"
)
_CONTRACTED = re.compile(r"[’'](?:s|ve|re|d)$")
_UNREAL = re.compile(
    r"(?:\b(?:would|could|should|might|may|can|will|must|to|let|not|never|if|whether|do|does|did|by|of|for|without)"
    r"|[’'](?:d|ll)|n[’']t)$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|be|being|’s|’re)$")
_SUBORDINATOR = re.compile(
    r"[,;:—–()\[\]“”\"«»\u2592]|(?<= )-(?= )|\b(?:that|as|when|while|because|since|after|before|although|though|whereas"
    r"|where|than|so|but|yet|if|whether|how|what|why|until|unless|whom|which|who)\b",
    re.IGNORECASE,
)
_IRREALIS = {"if", "whether", "how", "what", "why", "until", "unless", "whom", "which", "than"}
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|should|may|might|must|does|did|met|held|went|came|took|made"
    r"|gave|got|left|saw|began|said|told|spoke|needs?|wants?|remains?|includes?|[a-z]{3,}ed)\b|n[’']t\b|[a-z][’'](?:re|ve|ll)\b"
)
_ARTICLE_BEFORE = re.compile(r"\b(?:an?|the|its|his|her|their|our|of)$", re.IGNORECASE)
_OPENER = re.compile(
    rf"(?:(?:And|But|So|Then|Yet|Well|Now|Again|Look|Yes|No|Meanwhile|However|Still|There(?: is|’s| are)"
    rf"|[Tt]here (?:is|are)|In fact|In that vein|Finally|(?:On )?{_DAY}|Yesterday|Today|Earlier(?: today)?|and|or)\b,?"
    r"|Q\b)\s+"
)
_PREPOSITION = re.compile(
    r"(?:in|on|at|of|by|for|from|with|to|about|during|after|before|into|over|under|through|without|regarding|against"
    r"|despite|following|given|like|per)\b",
    re.IGNORECASE,
)
_DETERMINER = re.compile(
    r"(?:the|an?|this|that|these|those|its|his|their|our|my|your|some|any|all|both|no|such|more|many|few|\d[\d,.]*)$",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    r"(?:who|which|whose|in|on|at|during|speaking|after|before|citing|asked|responding|meanwhile|however|too|also|when|as)\b",
    re.IGNORECASE,
)
_ADJUNCT = re.compile(
    rf"\s*,?\s*(?:{_WHEN}|(?:in|on|at|during|to|after|from|via|through|before|over|for|many)\b[^,;:“\"«\u2592—]{{1,80}}?)"
    r"(?=\s*(?:[,;:.“\"«—]|\bthat\b|$))"
)
_ADDRESSEE = re.compile(
    r"\s+(?:[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*){0,4}"
    r"|(?:the|its|his|her|their)(?:\s+[A-Z][\w’'-]*){2,5}(?=\s*(?:[,.:;“\"«]|(?:that|in|on|at|after|by)\b|$))|reporters|journalists|lawmakers|parliament"
    r"|(?:the|his|her|their|its|a|an)\s+[A-Za-z]+(?:\s+(?:agency|newspaper|channel|committee|council))?"
    r"|him|her|them|it|us|me|you)(?=[\s,.:;—]|$)"
)
_HEARD = re.compile(r"\b(?:hear|heard|hearing)\b")  # Heard the minister say.
_QUOTE_WORD = re.compile(r"\s*,?\s*(?:and I )?quote,?(?=\s*[“\"«])", re.IGNORECASE)

# A transcript's false start: in — in recent comments.
_FALSE_START = re.compile(r"\b([\w’']{1,20}(?: [\w’']{1,20})?) — (?=\1\b)")

PRONOUNS = {"he", "she", "it", "they", "we", "i", "you"}
MOST_WORDS = 12  # Of a speaker's name with its role: more is a sentence.


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends, or None when nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def first_finite(plain: str, start: int, end: int) -> int | None:
    """Where the first word stands that looks like a finite verb; a participle after an article is none."""
    for found in _FINITE.finditer(plain, start, end):
        if not _ARTICLE_BEFORE.search(plain[max(start, found.start() - 8) : found.start()].rstrip()):
            return found.start()
    return None


def name_of_speaker(plain: str, start: int, end: int) -> Span | None:
    """The noun phrase in a piece of a sentence that is nothing but one, or None."""
    span = trimmed(plain, start, end)
    while span and (opener := _OPENER.match(plain, span.start, span.end)):
        span = trimmed(plain, opener.end(), span.end)
    if not span:
        return None
    words = span.of(plain)
    split = words.split()
    if len(split) > MOST_WORDS or _PREPOSITION.match(words) or not any(character.isalpha() for character in words):
        return None
    if _DETERMINER.fullmatch(split[-1]) or BLANK in words or (split[0].islower() and split[0].endswith("ing")):
        return None
    return span


def subject_before(plain: str, low: int, cue: Span) -> tuple[str, Span | None]:
    """The subject of a verb, looked for backwards: ("found", span), ("elided", None) or ("none", None).

    "elided" is a verb after "and", "but" or a comma that shares the subject of the verb before (“…, adding that …”).
    "none" also for what is not said to have been said: would say, did not say, if he says, was told.
    """
    end = cue.start
    if cue.of(plain).lower() == "say":
        low = max([low, *(heard.end() for heard in _HEARD.finditer(plain, max(low, end - 160), end))])
    participle = plain[cue.start : cue.end].lower().split()[0].endswith("ing")
    passive = auxiliary = False
    while True:
        piece = plain[low:end].rstrip()
        end = low + len(piece)
        tail = piece[-60:]
        if _UNREAL.search(tail):
            return "none", None
        passive = bool(_PASSIVE.search(tail)) or passive
        found = _MODIFIER.search(tail) or _CONTRACTED.search(tail)
        if not found:
            break
        if found.group().strip() == "quoted as":
            passive, auxiliary, participle = False, True, False
            end -= len(found.group())
            piece = re.sub(r"\s+(?:was|were|is|has been|have been)\s*$", "", plain[low:end])
            end = low + len(piece)
            continue
        auxiliary = auxiliary or found.group().strip(" ’'") in {"is", "are", "was", "were", "has", "have", "s", "re"}
        end -= len(found.group())
    if passive and not participle:
        return "none", None
    piece = plain[low:end].rstrip()
    if re.search(r"(?:,|\b(?:and|but|or))$", piece[-5:]) and (participle or not piece.endswith(",")):
        return ("elided", None) if not auxiliary or not participle else ("none", None)
    if not piece.strip(" “”\"'«»\u2592"):
        return "none", None
    if piece.endswith(","):
        return _around_commas(plain, low, low + len(piece))
    relative = re.search(r"\s*,?\s+(?:who|which)$", piece[-10:])
    if relative:
        end = low + len(piece) - len(relative.group())
    return _last_clause(plain, low, end, bare_participle=participle and not auxiliary)


def _last_clause(plain: str, low: int, end: int, *, bare_participle: bool) -> tuple[str, Span | None]:
    """The noun phrase after the last mark or conjunction before `end`."""
    start = low
    for boundary in _SUBORDINATOR.finditer(plain, low, end):
        start = boundary.end()
        word = boundary.group().lower()
    if start > low and word in _IRREALIS:
        return "none", None
    coordinated = list(re.finditer(r"\band\b", plain[start:end]))
    if coordinated and first_finite(plain, start, start + coordinated[-1].start()) is not None:
        start += coordinated[-1].end()
    if bare_participle:
        for preposition in re.finditer(r"\b(?:regarding|about|with|of|by|for|from)\b", plain[start:end]):
            start += preposition.end()
            break
    span = name_of_speaker(plain, start, end)
    if not span:
        return "none", None
    return ("found", span) if first_finite(plain, span.start, span.end) is None else ("none", None)


def _around_commas(plain: str, low: int, end: int) -> tuple[str, Span | None]:
    """The subject before “X, role of X, said” or “X, who …, said”: name and role, or the name alone."""
    end -= 1
    opening = plain.rfind(",", low, end)
    if opening == -1:
        return "none", None
    inner = trimmed(plain, opening + 1, end)
    if not inner or _SUBORDINATOR.search(plain[low:opening].rstrip()[-1:]):
        return "none", None
    _, name = _last_clause(plain, low, opening, bare_participle=False)
    if not name:
        return "none", None
    if _ADVERBIAL.match(inner.of(plain)) or first_finite(plain, inner.start, inner.end) is not None:
        return "found", name
    both = Span(name.start, inner.end)
    return "found", both if len(both.of(plain).split()) <= MOST_WORDS else name


def first_subject(plain: str, low: int, end: int) -> Span | None:
    """The noun phrase that opens a sentence, up to its first verb."""
    verb = first_finite(plain, low, end)
    if verb is None:
        return None
    start = low
    comma = plain.rfind(",", low, verb)
    if comma != -1 and _PREPOSITION.match(plain[low:verb].lstrip()):
        start = comma + 1
    elif comma != -1:
        verb = plain.find(",", low, verb)
    found = re.search(r"(?:\s(?:also|both|further|then|just|[a-z]+ly))+\s*$", plain[start:verb])
    return name_of_speaker(plain, start, start + found.start() if found else verb)


def subject_after(plain: str, start: int, end: int) -> tuple[Span, int] | None:
    """The subject behind the verb (“…,” said the minister): its span, and where the rest of the sentence begins."""
    stop = re.compile(rf"[,;:.—“\"«]|\s(?:in|on|at|during|after|as|when|while|who|{_WHEN})\b|$").search(
        plain, start, end
    )
    high = stop.start() if stop else end
    # A stop inside a name ("U.S.", "J. Smith", "Mr.") ends nothing.
    while (
        stop
        and plain[high : high + 1] == "."
        and re.search(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep))$", plain[max(0, high - 4) : high])
    ):
        stop = re.compile(r"[,;:.—“\"«]|$").search(plain, high + 1, end)
        high = stop.start() if stop else end
    span = name_of_speaker(plain, start, high)
    if not span or first_finite(plain, span.start, span.end) is not None:
        return None
    appositive = re.compile(r",\s+((?:the|an?)\s[^,.;:—]{3,80}|[a-z][^,.;:—]{3,80}?)(?=[,.]|$)").match(plain, high, end)
    clause = appositive and (_ADVERBIAL.match(appositive[1]) or re.match(r"[a-z]+ing\b", appositive[1]))
    if appositive and not clause and first_finite(plain, *appositive.span(1)) is None:
        both = Span(span.start, appositive.end(1))
        return both if len(both.of(plain).split()) <= MOST_WORDS else span, appositive.end()
    return span, high


def after_adjuncts(plain: str, start: int, end: int) -> int:
    """Where the words begin after when, where and to whom (“said on Friday in Baghdad that …”)."""
    if quoted := _QUOTE_WORD.match(plain, start, end):
        return quoted.end()
    for _ in range(3):
        found = _ADJUNCT.match(plain, start, end)
        if not found or first_finite(plain, found.start(), found.end()) is not None:
            break
        start = found.end()
        if quoted := _QUOTE_WORD.match(plain, start, end):
            return quoted.end()
    return start


def after_addressee(plain: str, start: int, end: int) -> int:
    """Where the words begin after the one who was told, if one is named."""
    found = _ADDRESSEE.match(plain, start, end)
    return found.end() if found else start


def plain_of(text: str, quotations: list[Span]) -> str:
    """The text with line breaks as spaces and blanks between quotation marks; offsets stay the same."""
    parts, at = [], 0
    for quotation in quotations:
        parts += [text[at : quotation.start], BLANK * len(quotation)]
        at = quotation.end
    plain = re.sub(r"[\n\t\u00a0\u202f]", " ", "".join([*parts, text[at:]]))
    return _FALSE_START.sub(lambda found: " " * len(found.group()), plain)
