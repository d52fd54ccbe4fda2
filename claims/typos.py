"""What may not be called a typing error: a change of a number, date, name, negation or cue verb. Pure; no Django.

A typing error is a slip that changes no meaning, so whatever may change one is refused, and the editor chooses
“Correction” instead. In doubt it refuses: a word that begins a sentence with a capital is taken for a name unless it is
one of the usual openers or stands uncapitalised elsewhere. In a script without capitals no name can be told from
another word; there the second reader must.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sources.anchoring import Span
from sources.cues import cues_within
from sources.words import ARABIC_MARKS, NEGATIONS

type Row = dict[str, Any]  # As in claims/changesets.py.

NUMBER, DATE, NAME, NEGATION, CUE = "number", "date", "name", "negation", "cue"
_SAYS = {
    NUMBER: "A number changes",
    DATE: "A date changes",
    NAME: "A name, or what may be one, changes",
    NEGATION: "A negation changes",
    CUE: "A word that says how it was said changes",
}
_ELSE = "That is no typing error: choose “Correction” or another class."

_TOKEN = re.compile(
    r"[-−+$€£¥]?\d+(?:[.,:/٫٬'\u00a0\u202f-]\d+)*[%٪‰]?\w*"
    r"|\w+(?:['‐‑-]\w+)*"
)
_UNSEEN = dict.fromkeys([*map(ord, ARABIC_MARKS), 0x0640, 0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ＇`´"), "'")
_ALIKE = str.maketrans("أإآٱىة", "ااااي" + "ه")
_SENTENCE_END = re.compile(r"(?:^|[.!?…؟:\n])[\"“”„«»'\s)\]]*$")

_OPENERS = frozenset(
    """a after all also although an and any as at because before both but by during each even every few first for from
    he her here his how however i if in it its many more most much my no nor not now of on once one only or other our
    over she since so some still such than that the their them then there these they this those though to today two
    under until upon we were what when where whether which while who whose why with without yes yesterday yet you
    your""".split()
)
_OPENERS_SHUFFLED = frozenset("".join(sorted(word)) for word in _OPENERS)  # “Teh” is a slip for “The”.
_NUMBER_WORDS = frozenset(
    """zero nil one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand
    thousands million millions billion billions trillion trillions dozen dozens score scores tens half halves quarter
    quarters third thirds fourth fourths fifth fifths sixth seventh eighth ninth tenth eleventh twelfth first second
    once twice thrice double triple""".split()
)
_DATE_WORDS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february april june july august september
    october november december today yesterday tomorrow tonight
    يناير فبراير مارس ابريل نيسان مايو ايار يونيو حزيران يوليو تموز اغسطس اب سبتمبر ايلول اكتوبر تشرين نوفمبر ديسمبر
    كانون شباط اذار السبت الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه اليوم امس غدا""".split()
)
_ARABIC_NUMBER = re.compile(
    r"[وفبكل]{0,2}(?:ال|لل)?(?:صفر|واحده?|احد|احدي|اثن[اي]ن?|اثنت[اي]ن?|ثلاثه?|اربعه?|خمسه?|سته?|سبعه?|ثماني?ه?|تسعه?|عشره?"
    r"|(?:عشر|ثلاث|اربع|خمس|ست|سبع|ثمان|تسع)[وي]ن|\w*(?:مئه|مائه)|مئات|مئت[اي]ن|مائت[اي]ن|الف|الاف|الف[اي]ن|مليون|ملايين"
    r"|مليون[اي]ن|مليارا?ت?|نصف|ثلث|ربع|خمس|اولي?|ثانيه?|ثالثه?|رابعه?|خامسه?|سادسه?|سابعه?|ثامنه?|تاسعه?|عاشره?)"
)
_MORE_NEGATIONS = re.compile(
    r"(?:(?:do|does|did|is|are|was|were|has|have|had|wo|would|could|should|ca|must|might|need)nt|non|nay|scarcely"
    r"|[وفأ]?(?:ما|الا)|[وفبأ]?(?:لا|غير|بدون|دون|عدم|ليس\w*))",
    re.IGNORECASE,
)
_DENYING = ("un", "non", "dis", "in", "im", "ir", "il")  # Before a word these may turn it round.
_LEAST_STEM, _CLOSE = 3, 0.7

# The columns that are running text. Any other column is a fact: who, when, which, how.
PROSE: dict[str, frozenset[str]] = {
    table: frozenset(names.split())
    for table, names in {
        "claims_statement": "content anonymity_reason date_note rank_note reply_sought_how reply_note note",
        "claims_anchor": "exact",
        "claims_translation": "text",
        "claims_position": "words gist",
        "claims_reply": "text",
        "claims_contextnote": "text",
        "claims_contradiction": "first_words second_words explanation note",
        "claims_topic": "title summary",
        "claims_question": "text",
        "claims_speaker": "description",
    }.items()
}
# What follows from the words of a passage; its place may only move with its words.
_FOLLOWS = {"claims_anchor": frozenset({"id", "version", "prefix", "suffix", "tier", "checked_at", "checker"})}
_PLACE = frozenset({"start", "end"})


@dataclass(frozen=True, slots=True)
class _Word:
    """A word or number as it stands, and what makes it one that may not change: kinds to what is compared."""

    text: str
    kinds: dict[str, str]


def refused_as_typo(before: str, after: str) -> list[str]:
    """Why this change of a text is more than a typing error, in an editor's words; [] where it may be one.

    Words are aligned first, so that a negation that only moves is seen too. What is refused is refused the other way
    round as well. Quadratic in the words at worst.
    """
    ours, theirs = _words(before), _words(after)
    found = _found(ours, theirs) or _found(theirs, ours)
    return [f"{_SAYS[kind]} ({found[kind]}). {_ELSE}" for kind in _SAYS if kind in found]


def _found(ours: Sequence[_Word], theirs: Sequence[_Word]) -> dict[str, str]:
    """What changes that may not: kind → the words."""
    matcher = SequenceMatcher(None, [w.text for w in ours], [w.text for w in theirs], autojunk=False)
    found: dict[str, str] = {}
    for step, low, high, new_low, new_high in matcher.get_opcodes():
        if step == "equal":
            continue
        old, new = ours[low:high], theirs[new_low:new_high]
        for kind in _SAYS:
            gone, come = _of_kind(kind, old), _of_kind(kind, new)
            if gone != come:
                found.setdefault(kind, _change(old, new, kind))
        if turned := _turned_round(old, new):
            found.setdefault(NEGATION, turned)
    return found


def refused(rows: Iterable[Row]) -> list[str]:
    """Why the change of these rows is more than a typing error; [] where it may be one."""
    problems: dict[str, None] = {}
    for table, before, after in _paired(rows):
        if before is None or after is None:
            problems[f"Something is added or taken out ({_called(table)}). {_ELSE}"] = None
            continue
        changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        for name in changed:
            if name in PROSE.get(table, ()):
                problems |= dict.fromkeys(refused_as_typo(before.get(name) or "", after.get(name) or ""))
            elif (name in _PLACE and "exact" in changed) or name in _FOLLOWS.get(table, ()):
                continue
            else:
                problems[f"“{name.removesuffix('_id').replace('_', ' ')}” changes, not running text. {_ELSE}"] = None
    return list(problems)


def _paired(rows: Iterable[Row]) -> Iterator[tuple[str, Row | None, Row | None]]:
    """Each changed row before and after; a passage that was taken out and put in anew is one that changed."""
    gone: dict[tuple[Any, ...], Row] = {}
    waiting = []
    for row in rows:
        if row["action"] == "delete" and row["table"] == "claims_anchor":
            gone[_place(row["before"])] = row["before"]
        else:
            waiting.append(row)
    for row in waiting:
        if row["action"] == "insert" and row["table"] == "claims_anchor":
            yield row["table"], gone.pop(_place(row["after"]), None), row["after"]
        else:
            before = None if row["action"] == "insert" else row["before"]
            yield row["table"], before, None if row["action"] == "delete" else row["after"]
    for before in gone.values():
        yield "claims_anchor", before, None


def _place(anchor: Row) -> tuple[Any, ...]:
    return anchor.get("statement_id"), anchor.get("part"), anchor.get("order")


def _called(table: str) -> str:
    return table.removeprefix("claims_").replace("_", " ")


def _of_kind(kind: str, words: Sequence[_Word]) -> list[str]:
    return [word.kinds[kind] for word in words if kind in word.kinds]


def _change(old: Sequence[_Word], new: Sequence[_Word], kind: str) -> str:
    gone, come = (" ".join(word.text for word in words if kind in word.kinds) for words in (old, new))
    if gone and come:
        return f"“{gone}” to “{come}”"
    return f"“{gone}” goes" if gone else f"“{come}” comes"


def _words(text: str) -> list[_Word]:
    plain = text.translate(_UNSEEN).translate(_APOSTROPHES)
    whole = Span(0, max(len(plain), 1))
    cues = [place for cue in cues_within(plain, whole, (), "en ar") for place in cue.places]
    small = {match[0] for match in _TOKEN.finditer(plain) if match[0].islower()}
    return [_word(match, plain, cues, small) for match in _TOKEN.finditer(plain)]


def _word(match: re.Match[str], text: str, cues: Sequence[Span], small: set[str]) -> _Word:
    word, key = match[0], match[0].casefold().translate(_ALIKE)
    parts = {key, *re.split("[-‐‑']", key)}
    kinds = {}
    if any(c.isnumeric() for c in word) or parts & _NUMBER_WORDS or any(map(_ARABIC_NUMBER.fullmatch, parts)):
        kinds[NUMBER] = key
    if parts & _DATE_WORDS:
        kinds[DATE] = key
    if any(NEGATIONS.search(part) or _MORE_NEGATIONS.fullmatch(part) for part in parts):
        kinds[NEGATION] = key.replace("'", "")
    if any(place.start < match.end() and match.start() < place.end for place in cues):
        kinds[CUE] = key
    if any(c.isupper() for c in word) and not _merely_begins(match, text, small):
        kinds[NAME] = word
    return _Word(word, kinds)


def _merely_begins(match: re.Match[str], text: str, small: set[str]) -> bool:
    """Whether a word has its capital from the sentence that it begins, as far as can be told."""
    word = match[0]
    if not _SENTENCE_END.search(text, 0, match.start()) or any(c.isupper() for c in word[1:]):
        return False
    return word.lower() in small or "".join(sorted(word.lower())) in _OPENERS_SHUFFLED


def _turned_round(old: Sequence[_Word], new: Sequence[_Word]) -> str:
    """A word that gets or loses a beginning such as “un”, even where it is mended too; "" where none does."""
    for long, short in ((old, new), (new, old)):
        for word in long:
            for start in _DENYING:
                stem = word.text.casefold().removeprefix(start).lstrip("-‐‑")
                if len(stem) < _LEAST_STEM or not word.text.casefold().startswith(start):
                    continue
                for other in (w.text for w in short):
                    if not other.casefold().startswith(start) and _close(stem, other.casefold()):
                        return f"“{word.text}” beside “{other}”"
    return ""


def _close(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) <= 1 and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _CLOSE
