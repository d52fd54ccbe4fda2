"""First guesses for the form that records a statement: which words are quoted, which verb reports them, which language.

Pure: text in, proposals out; no Django. Everything here only fills in a form that an editor then corrects; nothing is
stored or published because of it, so a rule of thumb is enough, and "no proposal" is better than a daring one.

The cue table is a small curated list of reporting verbs by the classes of domain.md (Statement.cue_class), after the
attribution cues of the Penn Discourse Treebank and PARC 3.0. A new verb is one more word in one row.
"""

import functools
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from sources.anchoring import Span


class CueRow(NamedTuple):
    """Verb forms of one class in one language, separated by commas; "…" in a form stands for words in between."""

    language: str
    cue_class: str
    polarity: str
    forms: str


class _Found(NamedTuple):
    """A form of the table in the text: one span, or two for a form with "…"."""

    places: list[Span]
    row: CueRow

    @property
    def start(self) -> int:
        return self.places[0].start

    @property
    def end(self) -> int:
        return self.places[-1].end


class Cue(NamedTuple):
    """A proposed cue: its words as printed ("replied … by saying"), its class and the polarity it gives the content."""

    words: str
    cue_class: str
    polarity: str


CUES: tuple[CueRow, ...] = (
    CueRow("en", "report", "affirm", "said, says, saying, told, tells, telling, noted, notes, noting, according to"),
    CueRow("en", "report", "affirm", "added, adds, adding, remarked, remarks, remarking, stated, states, stating"),
    CueRow("en", "report", "affirm", "pointed, pointed out, points out, pointing out, announced, announces"),
    CueRow("en", "report", "affirm", "explained, explains, explaining, wrote, writes, writing"),
    # The content that follows these is what the speaker rejects, hence polarity deny.
    CueRow("en", "deny", "deny", "denied, denies, denying, rejected, rejects, rejecting"),
    CueRow("en", "rebut", "deny", "rebutted, rebuts, rebutting, refuted, refutes, refuting"),
    CueRow("en", "rebut", "affirm", "replied, replies, replying, responded, responds, responding, countered, retorted"),
    CueRow("en", "rebut", "affirm", "replied … by saying, responded … by saying, countered … by saying"),
    CueRow("en", "confirm", "affirm", "confirmed, confirms, confirming, acknowledged, acknowledges, acknowledging"),
    CueRow("en", "claim", "affirm", "claimed, claims, claiming, alleged, alleges, alleging"),
    CueRow("en", "emphasise", "affirm", "emphasized, emphasizes, emphasizing, emphasised, emphasises, emphasising"),
    CueRow("en", "emphasise", "affirm", "stressed, stresses, stressing, underlined, underlines, underlining"),
    CueRow("en", "emphasise", "affirm", "underscored, reiterated, reiterates, reiterating, insisted, insists"),
    CueRow("en", "characterise", "affirm", "described, describes, describing, called, calls"),
    CueRow("en", "promise", "affirm", "promised, promises, promising, vowed, vows, vowing, pledged, pledges, pledging"),
    CueRow("en", "demand", "affirm", "demanded, demands, demanding, urged, urges, urging"),
    CueRow("en", "demand", "affirm", "called for, calls for, calling for, called on, calls on, calling on"),
    CueRow("en", "warn", "affirm", "warned, warns, warning"),
    CueRow("en", "predict", "affirm", "predicted, predicts, predicting, expects, expected, forecast"),
    # Alone, "declined" is what prices do; "declined to confirm" must not be taken for "confirm", so the verb is in it.
    CueRow("en", "decline", "affirm", "declined to, declines to, declining to, refused to, refuses to, refusing to"),
    CueRow("en", "decline", "affirm", "declined to say, declined to comment, declined to confirm, refused to say"),
    CueRow("en", "decline", "affirm", "refused to comment, refused to confirm, refused to acknowledge"),
    CueRow("ar", "report", "affirm", "قال, قالت, قالوا, يقول, تقول, أضاف, أضافت, ذكر, ذكرت, أعلن, أعلنت, صرح, صرحت"),
    CueRow("ar", "deny", "deny", "نفى, نفت, ينفي, تنفي, رفض, رفضت, يرفض, ترفض"),
    CueRow("ar", "emphasise", "affirm", "أكد, أكدت, يؤكد, تؤكد, شدد على, شددت على"),
    CueRow("ar", "claim", "affirm", "زعم, زعمت, يزعم, تزعم, ادعى, ادعت"),
    CueRow("ar", "warn", "affirm", "حذر, حذرت, يحذر, تحذر"),
    CueRow("ar", "promise", "affirm", "وعد, وعدت, تعهد, تعهدت"),
    CueRow("ar", "demand", "affirm", "طالب, طالبت, يطالب, تطالب"),
    CueRow("ar", "decline", "affirm", "رفض التعليق, رفضت التعليق, رفض الإجابة, رفضت الإجابة"),
)

_CLOSING = {"“": "”", "«": "»", '"': '"'}
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_TRAILING = (",", ".", "،", "۔")
_ABBREVIATED = re.compile(r"\w\.\w\.$")
# Quotation marks after these hold a name, not an utterance: calling itself “revolutionaries.”
_NAMING = re.compile(
    r"(?:\bcall(?:ing|s|ed)? (?:it|him|her|them)sel(?:f|ves)|\b(?:known as|so-called|named|dubbed|nicknamed|code-?named"
    r"|titled|entitled|under the name(?: of)?)|(?:تسمي نفسها|يسمي نفسه|المسماة|المسمى|باسم|بعنوان|يدعى|تدعى))\s*$",
    re.IGNORECASE,
)
_STOP = re.compile(r"(?:[.!?؟۔]|\.{3}|…)(?P<closed>[”»\"’)\]]*)\s+(?=[^\s])")
_NO_STOP = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Sen|Rep|Gov|St|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$"
)
_NEGATED = re.compile(
    r"(?:(?:\b(?:not|never|nor|neither|without|hardly|cannot)|n[’']t)\s+(?:\w+\s+)?|(?<!\w)(?:لم|لن|لا|ما|دون أن)\s+)$",
    re.IGNORECASE,
)
# After its content a cue ends the attribution; followed by one of these it opens another, or is a passive.
_OPENS_ANOTHER = re.compile(r"\s*(?::|(?:that|by)\b|(?:أن|إن)(?:ه|ها|هم)?\b)", re.IGNORECASE)
_ENDING_MARKS = ',،”»"—–'
_CONTENT_ENDS = re.compile(rf"[\s.?!؟]*[{_ENDING_MARKS}]")


def printed_quotations(text: str) -> list[Span]:
    """The spans between quotation marks, marks left out, in order: “…”, "…" and «…».

    A mark inside another pair is ignored, but an opening mark of the same kind starts afresh, so that a forgotten
    closing mark never turns a narrator's words into a quotation. No span crosses an empty line; a quotation left open
    there counts to the end of its paragraph when the next one opens with the same mark (the English habit for long
    quotations). A straight mark opens after a space, a bracket or an Arabic one-letter prefix, which leaves 5" and
    rock 'n' roll alone; single marks are not read, as an apostrophe looks the same. Cost: one pass over the text.
    """
    spans: list[Span] = []
    starts = [0, *(gap.end() for gap in _PARAGRAPH.finditer(text))]
    ends = [*(gap.start() for gap in _PARAGRAPH.finditer(text)), len(text)]
    for start, end, following in zip(starts, ends, [*starts[1:], len(text)], strict=True):
        begin: int | None = None
        mark = ""
        for at in range(start, end):
            character = text[at]
            if begin is not None and character == _CLOSING[mark]:
                if begin < at:
                    spans.append(Span(begin, at))
                begin = None
            elif (begin is None or character == mark) and character in _CLOSING and _opens(text, at):
                begin, mark = at + 1, character
        if begin is not None and begin < end and text[following : following + 1] == mark:
            spans.append(Span(begin, end))
    return spans


def propose_mode(text: str, content: Span) -> tuple[str, list[Span]]:
    """How the content is given, "direct" (all quoted), "mixed" (a part) or "indirect" (none), and the quoted words.

    A comma or full stop just inside the closing mark is the outlet's (American typesetting) and left out of the span,
    but not the stop of "U.S." nor an ellipsis; ? and ! stay, they are the speaker's. Quotation marks around a name
    (calling itself “…”, known as, so-called) are no quotation. The mode "narrator" is never proposed: only a reader
    can tell it from "indirect". Raises ValueError when the content is not in the text.
    """
    content.of(text)
    quoted: list[Span] = []
    for quotation in printed_quotations(text):
        shared = quotation.overlap(content)
        if shared and not _NAMING.search(text[max(0, quotation.start - 41) : quotation.start - 1]):
            words = _without_outlet_mark(text, shared, at_mark=shared.end == quotation.end)
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
    sentence = _sentence(text, content, quotations)
    # Words out of a quotation are reported as the whole quotation is: “At no time did we discuss it,” he noted.
    around = [quotation for quotation in quotations if quotation.overlap(content)]
    low = min([content.start, *(quotation.start for quotation in around)])
    high = max([content.end, *(quotation.end for quotation in around)])
    candidates: list[tuple[int, int, _Found]] = []  # Distance, rank (smaller first), what was found.
    for found in _cues(text, sentence, quotations, languages):
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
    if _NEGATED.search(text[max(0, chosen.start - 40) : chosen.start]):
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


def _opens(text: str, at: int) -> bool:
    """Whether the mark at `at` can open: a curly one always, a straight one by what stands on its two sides."""
    if text[at] != '"':
        return True
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if not after or after.isspace():
        return False
    prefixed = before in ("و", "ف", "ب", "ل", "ك") and not text[max(0, at - 2) : at - 1].isalnum()
    return not before.isalnum() or prefixed


def _without_outlet_mark(text: str, span: Span, *, at_mark: bool) -> Span | None:
    """The span without outer white space and, where it ends at the closing mark, without one comma or full stop."""
    words = span.of(text)
    start, words = span.start + len(words) - len(words.lstrip()), words.strip()
    kept = words.endswith("..") or _ABBREVIATED.search(words)
    if at_mark and words.endswith(_TRAILING) and not kept:
        words = words[:-1].rstrip()
    return Span(start, start + len(words)) if words else None


def _sentence(text: str, content: Span, quotations: list[Span]) -> Span:
    """The sentence or sentences around the content, never past an empty line; stops inside a quotation do not count."""
    low = max((gap.end() for gap in _PARAGRAPH.finditer(text, 0, content.start)), default=0)
    gap = _PARAGRAPH.search(text, content.end)
    high = gap.start() if gap else len(text)
    stops = [low, *_stops(text, low, high, quotations), high]
    return Span(stops[bisect_right(stops, content.start) - 1], stops[bisect_left(stops, content.end)])


def _stops(text: str, low: int, high: int, quotations: list[Span]) -> Iterator[int]:
    """Where a new sentence begins between two offsets: after a stop and space, before anything but a small letter.

    Not after an abbreviation, and not after “…?” or “…!”, which an attribution may follow (“Why?” Miller said).
    """
    for stop in _STOP.finditer(text, low, high):
        at = stop.end()
        inside = any(quotation.start <= stop.start("closed") < quotation.end for quotation in quotations)
        asked = stop["closed"] and text[stop.start()] in "?!؟"
        short = text[stop.start()] == "." and _NO_STOP.search(text[max(low, stop.start() - 6) : stop.start()])
        if not (inside or asked or short or text[at].islower()):
            yield at


def _between_halves(text: str, sentence: Span, quotations: list[Span], languages: str) -> list[tuple[int, int, _Found]]:
    """Cues of the sentence before, when that one ends a first half: “A,” he said. “B.” with the content in B."""
    before = text[: sentence.start].rstrip()
    if not before or _PARAGRAPH.search(text, len(before), sentence.start):
        return []
    previous = _sentence(text, Span(len(before) - 1, len(before)), quotations)
    return [
        (sentence.start - found.end, found.start, found)
        for found in _cues(text, previous, quotations, languages)
        if any(previous.start <= quotation.start and quotation.end < found.start for quotation in quotations)
        and not _OPENS_ANOTHER.match(text, found.end)
    ]


def _cues(text: str, sentence: Span, quotations: list[Span], languages: str) -> Iterator[_Found]:
    """Every form of the table in the sentence, outside quotation marks."""
    for language in dict.fromkeys(tag.partition("-")[0].lower() for tag in languages.split()):
        for pattern, rows in _patterns(language):
            for match in pattern.finditer(text, sentence.start, sentence.end):
                places = [Span(*match.span(group)) for group in range(1, pattern.groups + 1)]
                row = rows[" … ".join(place.of(text).lower() for place in places)]
                if not any(quotation.overlap(place) for quotation in quotations for place in places):
                    yield _Found(places, row)


@functools.cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], dict[str, CueRow]]]:
    """The forms of a language as expressions whose groups are the words of the cue, each with the rows of its forms.

    One expression for all plain forms, the longest first ("called for" before "called"), and one for each form with
    "…", whose gap stays short and in the sentence. Arabic verbs may carry the prefixes wa- and fa-, which are no part
    of the cue.
    """
    rows = {form.strip(): row for row in CUES if row.language == language for form in row.forms.split(",")}
    plain = sorted((form for form in rows if "…" not in form), key=len, reverse=True)
    if not plain:
        return []
    prefix = "[وف]?" if language == "ar" else ""
    patterns = [rf"(?<![\w’'-]){prefix}({'|'.join(map(re.escape, plain))})(?![\w-])"]
    for form in rows:
        if "…" in form:
            first, last = map(re.escape, form.split(" … "))
            patterns.append(rf"\b({first})\b[^.!?\n]{{0,80}}?\b({last})\b")
    return [(re.compile(pattern, re.IGNORECASE), rows) for pattern in patterns]
