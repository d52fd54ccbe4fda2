"""The table of reporting verbs, and where they stand in a text. Pure: no Django.

A small curated list by the classes of domain.md (Statement.cue_class), after the attribution cues of the Penn
Discourse Treebank and PARC 3.0. A new verb is one more word in one row.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sources.anchoring import Span


class CueRow(NamedTuple):
    """Verb forms of one class in one language, separated by commas; "…" in a form stands for words in between."""

    language: str
    cue_class: str
    polarity: str
    forms: str


class FoundCue(NamedTuple):
    """A form of the table in the text: one span, or two for a form with "…"."""

    places: list[Span]
    row: CueRow

    @property
    def start(self) -> int:
        return self.places[0].start

    @property
    def end(self) -> int:
        return self.places[-1].end


CUES: tuple[CueRow, ...] = (
    CueRow("en", "report", "affirm", "said, says, saying, told, tells, telling, noted, notes, noting, according to"),
    CueRow("en", "report", "affirm", "added, adds, adding, remarked, remarks, remarking, stated, states, stating"),
    CueRow("en", "report", "affirm", "pointed, pointed out, points out, pointing out, announced, announces"),
    CueRow("en", "report", "affirm", "explained, explains, explaining, wrote, writes, writing"),
    CueRow("en", "report", "affirm", "say, reported, reporting, informed, informs, informing, indicated, indicates"),
    CueRow("en", "report", "affirm", "argued, argues, arguing, asserted, asserts, asserting, declared, declares"),
    CueRow(
        "en",
        "report",
        "affirm",
        "testified, recalled, recalls, recalling, mentioned, mentions, expressed, expresses, expressing, believes",
    ),
    # The content that follows these is what the speaker rejects, hence polarity deny.
    CueRow("en", "deny", "deny", "denied, denies, denying, rejected, rejects, rejecting"),
    CueRow("en", "deny", "deny", "disputed, disputes, disputing, dismissed, dismisses, dismissing, ruled out"),
    CueRow("en", "rebut", "deny", "rebutted, rebuts, rebutting, refuted, refutes, refuting"),
    CueRow("en", "rebut", "affirm", "replied, replies, replying, responded, responds, responding, countered, retorted"),
    CueRow("en", "rebut", "affirm", "replied … by saying, responded … by saying, countered … by saying"),
    CueRow("en", "confirm", "affirm", "confirmed, confirms, confirming, acknowledged, acknowledges, acknowledging"),
    CueRow("en", "confirm", "affirm", "affirmed, affirms, affirming, admitted, admits, admitting, conceded, concedes"),
    CueRow("en", "confirm", "affirm", "agreed, agrees, agreed on, agreed to, agreed that, agree that"),
    CueRow("en", "claim", "affirm", "claimed, claims, claiming, alleged, alleges, alleging"),
    CueRow("en", "emphasise", "affirm", "emphasized, emphasizes, emphasizing, emphasised, emphasises, emphasising"),
    CueRow("en", "emphasise", "affirm", "stressed, stresses, stressing, underlined, underlines, underlining"),
    CueRow("en", "emphasise", "affirm", "underscored, reiterated, reiterates, reiterating, insisted, insists"),
    CueRow("en", "emphasise", "affirm", "reaffirmed, reaffirms, reaffirming, insisting, made clear, made it clear"),
    CueRow("en", "characterise", "affirm", "described, describes, describing, called, calls"),
    CueRow("en", "promise", "affirm", "promised, promises, promising, vowed, vows, vowing, pledged, pledges, pledging"),
    CueRow("en", "promise", "affirm", "committed to, commits to, commit to, committing to"),
    CueRow("en", "demand", "affirm", "demanded, demands, demanding, urged, urges, urging"),
    CueRow("en", "demand", "affirm", "called for, calls for, calling for, called on, calls on, calling on"),
    CueRow("en", "warn", "affirm", "warned, warns, warning"),
    CueRow("en", "predict", "affirm", "predicted, predicts, predicting, expects, expected, forecast"),
    # Alone, "declined" is what prices do; "declined to confirm" must not be taken for "confirm", so the verb is in it.
    CueRow("en", "decline", "affirm", "declined to, declines to, declining to, refused to, refuses to, refusing to"),
    CueRow("en", "decline", "affirm", "declined to say, declined to comment, declined to confirm, refused to say"),
    CueRow("en", "decline", "affirm", "refused to comment, refused to confirm, refused to acknowledge"),
    CueRow("ar", "report", "affirm", "قال, قالت, قالوا, يقول, تقول, أضاف, أضافت, ذكر, ذكرت, أعلن, أعلنت, صرح, صرحت"),
    CueRow("ar", "report", "affirm", "أوضح, أوضحت, أشار إلى, أشارت إلى, لفت إلى, لفتت إلى, أفاد, أفادت, تابع, تابعت"),
    CueRow("ar", "report", "affirm", "كشف, كشفت, اعتبر, اعتبرت, رأى, بحسب, وفقا ل, وفقاً ل"),
    CueRow("ar", "deny", "deny", "نفى, نفت, ينفي, تنفي, رفض, رفضت, يرفض, ترفض"),
    CueRow("ar", "emphasise", "affirm", "أكد, أكدت, أكدوا, يؤكد, تؤكد, شدد على, شددت على, شدد, شددت"),
    CueRow("ar", "claim", "affirm", "زعم, زعمت, يزعم, تزعم, ادعى, ادعت"),
    CueRow("ar", "warn", "affirm", "حذر, حذرت, يحذر, تحذر"),
    CueRow("ar", "promise", "affirm", "وعد, وعدت, تعهد, تعهدت"),
    CueRow("ar", "demand", "affirm", "طالب, طالبت, يطالب, تطالب"),
    CueRow("ar", "decline", "affirm", "رفض التعليق, رفضت التعليق, رفض الإجابة, رفضت الإجابة"),
)

NEGATED = re.compile(
    r"(?:(?:\b(?:not|never|nor|neither|without|hardly|cannot)|n[’']t)\s+(?:\w+\s+)?|(?<!\w)(?:لم|لن|لا|ما|دون أن)\s+)$",
    re.IGNORECASE,
)


def is_negated(text: str, at: int) -> bool:
    """Whether a negation stands right before a verb: its class would then be a guess."""
    return bool(NEGATED.search(text[max(0, at - 40) : at]))


def cues_within(text: str, span: Span, quotations: Iterable[Span], languages: str) -> Iterator[FoundCue]:
    """Every form of the table in the span, outside quotation marks."""
    for language in dict.fromkeys(tag.partition("-")[0].lower() for tag in languages.split()):
        for pattern, rows in _patterns(language):
            for match in pattern.finditer(text, span.start, span.end):
                places = [Span(*match.span(group)) for group in range(1, pattern.groups + 1)]
                row = rows[" … ".join(place.of(text).lower() for place in places)]
                if not any(quotation.overlap(place) for quotation in quotations for place in places):
                    yield FoundCue(places, row)


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
