"""The attributions of one Arabic sentence, where the verb stands before its speaker: قال الوزير إن …

Pure: no Django. The same rules as for English, in fewer forms: with أن or إن (alone or with a pronoun joined to it),
with quotation marks, and with بحسب and وفقا ل. A verb without a named subject (وأضاف أن …) continues the last speaker.
What is denied may be a verbal noun: نفى الوزير تعليق المحادثات.
"""

import re

from sources.anchoring import Span
from sources.clauses import trimmed
from sources.cues import FoundCue, cues_within, is_negated
from sources.quotations import holds_a_name
from sources.reported import LONGEST, Reported, Sentence

_PARTICLE = re.compile(r"(?<!\w)ب?[أإ]ن(?:ه|ها|هم|هما|نا|ني)?(?!\w)")
_TO_QUOTE = re.compile(r"\s*[:،]?\s*(?=[«“\"])")
_MEDIUM = r"لـ?ل?(?:صحيف|صحاف|وكال|قنا|جريد|مجل|إذاع)[ةات]\w*"
_ADVERBIAL = re.compile(
    r"(?<!\w)(?:في|خلال|أمس|اليوم|يوم|عبر|إلى|على|من|بعد|قبل|لدى|أثناء|مساء|صباح|ردا"
    rf"|(?P<told>{_MEDIUM}"
    r"|لـ?ل?(?:صحفي|صحافي|إعلامي|مراسل|تلفزيون|تلفاز|موقع|برنامج)\w*|لـ?(?:رويترز|فرانس))"
    r"|الأحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت)(?!\w)"
    r"|(?<!\w)لـ?(?=[«“\"])"
)
# The head of an agency is no speaker who tells it something: المدير العام للوكالة.
_OF_OFFICE = re.compile(r"(?:^|\s)(?:ال)?(?:عام|تنفيذي|رسمي|إقليمي|أعلى)ة?$")
_UNNAMED = re.compile(
    r"(?:مسؤول(?:ون|ين|ات)?|مصدر|مصادر|دبلوماسي(?:ون|ين)?|خبراء|شهود|سكان|ضباط|نواب|أطباء|محلل(?:ون|ين)|ناشط(?:ون|ين))"
    r"(?:\s+\w+){0,2}\s*"
)
# An unnamed speaker's own place or body, unlike when and how the words were said (في بيان).
_BELONGS = re.compile(
    r"(?:في|من)\s+(?!(?:ال)?(?:بيان|تصريح|مؤتمر|مقابل|حديث|حوار|رسال|اتصال|وقت|ختام|أعقاب|إفاد|إطار|جلس|اجتماع|تقرير"
    r"|كلم|خطاب|مقال|إحاط|تغريد|منشور|لقاء|رد|يوم|صباح|مساء|ساع|أحد|اثنين|إثنين|ثلاثاء|أربعاء|خميس|جمعة|سبت"
    r"|جانب|جهت|جهة|خلال|قبل|بين|ناحي|حين|نفس))\w+"
)
_TO_NAMED = re.compile(rf"(?<!\w)(?:لـ?|{_MEDIUM}\s+)$")
_DENIES = {"نفى", "نفت", "ينفي", "تنفي"}
_DENIED_NOUN = re.compile(
    r"(?<!\w)(?:أي|وجود|حدوث|وقوع|صحة|علم(?=ه|ها|هم)|نية|ضلوع|تورط|تعليق|تأجيل|إلغاء|إغلاق|إجراء|إرسال|إطلاق|إعادة|قطع"
    r"|توقف|توقيع|تلقي|تقديم|تعرض|استخدام|استهداف|اعتقال|انسحاب|انهيار|اتخاذ|مشاركة|مسؤولية|ارتكاب|تمويل|دعم|قصف|مقتل"
    r"|وفاة|إصابة|سقوط|دخول"
    r"|اندلاع|زيارة|نقل|تنفيذ|نشر|فرض|رفع|خفض|تسليم|احتجاز|اختطاف"
    r"|وقف(?= إطلاق)|(?:ال)?(?:اتهام|تقارير|أنباء|مزاعم|شائعات|ادعاء)(?:ات)?)(?:ه|ها|هم|هما)?(?=\s+[\w«“\"])"
)
# After these the noun is part of an office: وزير صحة الإقليم, لجنة إعادة الإعمار.
_OFFICE = re.compile(
    r"(?<!\w)(?:وزير|وزيرة|وزارة|مدير|مديرة|مديرية|رئيس|رئيسة|هيئة|لجنة|مكتب|إدارة|دائرة|مجلس|مسؤول|مسؤولو|خبير|قائد"
    r"|نائب|سلطة|مركز|أمين|وفد|فريق|ملف|صندوق|برنامج|شؤون|جهاز|حملة|دار|و)\s*$"
)
_GOES_ON = re.compile(r"،\s*(?:مؤكد|مشير|موضح|معتبر|مضيف|قائل|لافت|مشدد|معلن|محذر)\w*(?!\w)")
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
    opening = next((q for q in sentence.quotations if q.start > cue.end and _may_be_said(sentence.text, q)), None)
    particle = _PARTICLE.search(plain, cue.end, min(end, cue.end + 160))
    quoted = opening and _TO_QUOTE.search(plain, max(cue.end, opening.start - 4), opening.start)
    noun = _denied_noun(plain, cue, min(particle.start() if particle else end, opening.start if opening else end))
    if noun:
        start = subject_end = noun
    elif particle and (not opening or particle.start() < opening.start):
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
    content = sentence.content(start, _clause_end(sentence, start, later, noun=bool(noun)))
    return Reported(content, tuple(cue.places), cue.row.cue_class, cue.row.polarity, speaker) if content else None


def _may_be_said(text: str, quotation: Span) -> bool:
    """Whether quoted words may be speech: they are no name, nor the one who was told (قال الوزير ل«…» إن)."""
    told = _TO_NAMED.search(text[max(0, quotation.start - 20) : quotation.start - 1])
    return not told and not holds_a_name(text, quotation)


def _denied_noun(plain: str, cue: FoundCue, stop: int) -> int | None:
    """Where the verbal noun begins that is denied: نفى وزير المياه تعليق المحادثات."""
    if cue.places[0].of(plain) not in _DENIES:
        return None
    for noun in _DENIED_NOUN.finditer(plain, cue.end, min(stop, cue.end + 160)):
        before = plain[cue.end : noun.start()]
        parted = before.rstrip().endswith("،") and before.count("،") != 2
        if not parted and not re.search(r"[«».:؛]", before) and not _OFFICE.search(before):
            return noun.start()
    return None


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
    begin = trimmed(plain, start, high)
    for adverbial in _ADVERBIAL.finditer(plain, start, high):
        office = adverbial["told"] and _OF_OFFICE.search(plain[start : adverbial.start()].rstrip())
        unnamed = begin and _UNNAMED.fullmatch(plain, begin.start, adverbial.start())
        belongs = unnamed and _BELONGS.match(plain, adverbial.start(), high)
        if not office and not belongs:
            high = adverbial.start()
            break
    span = trimmed(plain, start, high)
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


def _clause_end(sentence: Sentence, start: int, later: list[FoundCue], *, noun: bool) -> int:
    """Where reported words end: before وقال, وأضاف … that reports in its turn, or at the end of the sentence.

    A noun ends before any such verb, and before a participle that goes on (، مؤكدا …).
    """
    plain, end = sentence.plain, sentence.span.end
    if noun and (goes_on := _GOES_ON.search(plain, start, end)):
        end = goes_on.start()
    for cue in later:
        joined = re.search(r"[،؛]\s*[وف]?$|\sو$", plain[max(start, cue.start - 6) : cue.start])
        if start < cue.start < end and joined and (noun or _PARTICLE.search(plain, cue.end, min(end, cue.end + 160))):
            return cue.start - len(joined.group())
    return end
