"""What a text says about itself: title, byline, day, language, address, outlet and kind, as proposals. Pure; no Django.

A proposal is never a fact: it says where it was read ("og:title"), and an editor confirms it. Of several places that
name the same thing the first in the order below wins.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from sources.addresses import AddressError, canonical

MOST_LOOKED_AT = 2_000_000  # Characters of a page in which its metadata is looked for.
LONGEST_TITLE = 300  # Characters; a longer first line is no headline.

_MONTHS = (
    *"january february march april may june july august september october november december".split(),
    *"يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
)
_MONTH = "|".join([*_MONTHS, *(month[:3] for month in _MONTHS[:12])])
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+({_MONTH})\.?,?\s+(\d{{4}})(?!\d)", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,\s*(\d{{4}})(?!\d)", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)")
_BYLINE = re.compile(r"\A(?:By|BY|بقلم:?|كتب:?|Par|Von)\s+(\S.{1,100}?)[.\s]*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|that|said|was|for)\b", re.IGNORECASE)

# Words of a title or a tag → what kind of publication it names.
_KINDS = (
    (re.compile(r"press (?:briefing|conference|gaggle)|transcript|remarks by", re.IGNORECASE), "transcript"),
    (re.compile(r"statement|readout|press release|statements-releases|communiqu", re.IGNORECASE), "press_release"),
    (re.compile(r"\binterview\b", re.IGNORECASE), "interview"),
    (re.compile(r"\bspeech\b|\baddress to\b", re.IGNORECASE), "speech"),
)
_SCHEMA_KINDS = {
    **dict.fromkeys(("newsarticle", "article", "reportagenewsarticle", "analysisnewsarticle"), "article"),
    **dict.fromkeys(("socialmediaposting", "blogposting"), "post"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for one field of a source (`published` in EDTF, `outlet` as a name), and where it was read."""

    field: str
    value: str
    origin: str


def day(text: str) -> str:
    """The first date in a text, in EDTF (2024-08-15, 2024-08); "" where there is none. The day as printed: time zones
    move nothing."""
    if found := _ISO.search(text):
        year, month, number = int(found[1]), int(found[2]), int(found[3] or 1)
        return found[0] if _is_day(year, month, number) else ""
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2))):
        if found := pattern.search(text):
            year, month, number = int(found[order[0]]), _month(found[order[1]]), int(found[order[2]])
            if _is_day(year, month, number):
                return f"{year:04}-{month:02}-{number:02}"
    return ""


def _month(name: str) -> int:
    lower = name.lower()
    return next(
        place % 12 + 1
        for place, month in enumerate(_MONTHS)
        if month == lower or (month[:3] == lower[:3] and place < 12)
    )


def _is_day(year: int, month: int, number: int) -> bool:
    try:
        date(year, month, number)
    except ValueError:
        return False
    return 1400 <= year <= 2200


def first_of_each(candidates: Iterable[Proposal], *, base: str = "") -> list[Proposal]:
    """The first usable proposal for each field, cleaned: one line, a real day, a known form of language and address.

    `base` is the address of the page, for one that is given relative to it.
    """
    found: dict[str, Proposal] = {}
    for each in candidates:
        value = " ".join(each.value.split())
        if each.field == "published":
            value = day(value)
        elif each.field == "language":
            value = value.replace("_", "-")
            value = value if _LANGUAGE.fullmatch(value) else ""
        elif each.field == "url":
            try:
                value = canonical(urljoin(base, value))
            except (AddressError, ValueError):
                value = ""
        elif each.field in {"title", "byline", "outlet"}:
            value = value[:LONGEST_TITLE]
        if value and each.field not in found:
            found[each.field] = Proposal(each.field, value, each.origin)
    return list(found.values())


def from_html(page: str, *, base: str = "") -> list[Proposal]:
    """From a page's own head: Open Graph, JSON-LD (schema.org), meta and link elements."""
    reader = _Page()
    reader.feed(page[:MOST_LOOKED_AT])
    meta = reader.meta
    linked = list(_articles(reader.scripts))
    candidates: list[Proposal] = []

    def take(field: str, *names: str) -> None:
        candidates.extend(Proposal(field, meta[name], name) for name in names if name in meta)

    def take_linked(field: str, *names: str) -> None:
        candidates.extend(
            Proposal(field, value, f"schema.org {name}")
            for article in linked
            for name in names
            if (value := _words(article.get(name)))
        )

    take("title", "og:title")
    take_linked("title", "headline")
    take("title", "twitter:title", "dc.title")
    candidates.append(Proposal("title", reader.title, "<title>"))
    take_linked("byline", "author")
    candidates += [
        Proposal("byline", meta[name], name)
        for name in ("author", "article:author", "dc.creator", "parsely-author")
        if name in meta and "://" not in meta[name]
    ]
    take("published", "article:published_time")
    take_linked("published", "datePublished")
    take("published", "datepublished", "date", "dc.date", "dcterms.created", "dc.date.issued", "pubdate")
    if reader.time:
        candidates.append(Proposal("published", reader.time, "<time>"))
    if reader.canonical:
        candidates.append(Proposal("url", reader.canonical, "canonical link"))
    take("url", "og:url")
    candidates.append(Proposal("language", reader.language, "lang of the page"))
    take_linked("language", "inLanguage")
    take("language", "og:locale")
    take("outlet", "og:site_name")
    take_linked("outlet", "publisher")
    candidates += [
        Proposal("kind", _SCHEMA_KINDS.get(_words(article.get("@type")).lower(), ""), "schema.org @type")
        for article in linked
    ]
    if meta.get("og:type", "").lower() == "article":
        candidates.append(Proposal("kind", "article", "og:type"))
    titles = [each for each in candidates if each.field == "title" and each.value.strip()][:1]
    return first_of_each([*_kind_of(titles), *candidates, *_day_in_address(base)], base=base)


def from_facts(facts: Mapping[str, str]) -> list[Proposal]:
    """From the front matter of a Markdown file, or from a PDF's own information."""
    names = (
        ("title", ("title", "headline")),
        ("byline", ("author", "authors", "byline", "by")),
        ("published", ("date", "published", "published_time", "publishdate")),
        ("url", ("source_url", "canonical_url", "canonical", "url", "link", "permalink")),
        ("language", ("lang", "language", "locale")),
        ("outlet", ("outlet", "publisher", "site", "site_name")),
    )
    candidates = [
        Proposal(field, facts[key], f"“{key}” of the file") for field, keys in names for key in keys if key in facts
    ]
    kinds = [Proposal("title", facts[key], f"“{key}” of the file") for key in ("tags", "title") if key in facts]
    return first_of_each([*candidates, *_kind_of(kinds)])


def from_text(text: str) -> list[Proposal]:
    """From the first and last lines of a plain text: headline, “By …”, a date line, an address on a line of its own."""
    lines = [line.strip() for line in text[:20_000].split("\n") if line.strip()]
    first = lines[:12]
    last = [line.strip() for line in text[-5_000:].split("\n") if line.strip()][-5:] if len(lines) > 12 else []
    candidates: list[Proposal] = []
    if first and len(first[0]) <= LONGEST_TITLE and len(lines) > 1 and not first[0].endswith((".", "؟", "”", '"')):
        candidates.append(Proposal("title", first[0], "the first line"))
    for line in [*first, *last]:
        if found := _BYLINE.match(line):
            candidates.append(Proposal("byline", found[1], f"the line “{line[:60]}”"))
        if line.lower().startswith(("http://", "https://")) and " " not in line:
            candidates.append(Proposal("url", line, "a line of its own"))
        # A date in a sentence is the date of something else.
        if len(line) <= 60 and day(line):
            candidates.append(Proposal("published", line, f"the line “{line}”"))
    candidates += [*_kind_of(candidates[:1]), *_language_of(text)]
    return first_of_each(candidates)


def _kind_of(titles: Iterable[Proposal]) -> Iterator[Proposal]:
    for title in titles:
        for pattern, kind in _KINDS:
            if pattern.search(title.value):
                yield Proposal("kind", kind, f"the words of {title.origin}")


def _day_in_address(address: str) -> Iterator[Proposal]:
    if found := _IN_ADDRESS.search(address):
        yield Proposal("published", f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}", "the address")


def _language_of(text: str) -> Iterator[Proposal]:
    letters = [character for character in text[:20_000] if character.isalpha()]
    arabic = sum("\u0600" <= character <= "\u06ff" for character in letters)
    # Persian and Urdu have letters that Arabic has not.
    if arabic > len(letters) / 2 and not any(character in "پچژگیکےٹڈڑں" for character in letters):
        yield Proposal("language", "ar", "the letters of the text")
    elif not arabic and len(_ENGLISH.findall(text[:20_000])) * 25 > len(text[:20_000].split()):
        yield Proposal("language", "en", "the words of the text")


class _Page(HTMLParser):
    """What stands in a page's head, and the first <time>. Never builds a tree, so depth costs nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self.scripts: list[str] = []
        self.title = self.canonical = self.language = self.time = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = self.language or values.get("lang", "") or values.get("xml:lang", "")
        elif tag == "meta":
            name = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
            if name and values.get("content"):
                self.meta.setdefault(name, values["content"][:1000])
        elif tag == "link" and "canonical" in values.get("rel", "").lower().split():
            self.canonical = self.canonical or values.get("href", "")
        elif tag == "time":
            self.time = self.time or values.get("datetime", "")
        elif tag == "script" and "ld+json" in values.get("type", "").lower():
            self._inside = "script"
            self.scripts.append("")
        elif tag == "title" and not self.title:
            self._inside = "title"

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside == "title":
            self.title += data


def _articles(scripts: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """The JSON-LD nodes that describe a publication; a script that is no JSON says nothing."""
    for script in scripts:
        try:
            waiting = [json.loads(script)]
        except (ValueError, RecursionError):
            continue
        seen = 0
        while waiting and seen < 200:
            node = waiting.pop(0)
            seen += 1
            if isinstance(node, list):
                waiting += node[:50]
            elif isinstance(node, dict):
                waiting += node["@graph"][:50] if isinstance(node.get("@graph"), list) else []
                if "headline" in node or "datePublished" in node:
                    yield node


def _words(value: Any) -> str:
    """A schema.org value as words: a text, a thing's name, or several of them."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        return ", ".join(words for each in value[:10] if (words := _words(each)))
    return value if isinstance(value, str) else ""
