"""Citations as other programs read them: CSL-JSON 1.0, BibTeX, RIS and a line of text. Pure: entries in, text out."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sources import edtf
from sources.edtf import UncertainDate
from sources.localising import label

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "%&#$_"},
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# CSL type → RIS type; all others are web pages.
_RIS = {"article-newspaper": "NEWS", "broadcast": "VIDEO"}


@dataclass(frozen=True)
class Entry:
    """One thing that is cited. `kind` is a type of CSL; `genre` says more (“Press release”); `note` is one line."""

    key: str
    kind: str
    title: str
    container: str
    issued: UncertainDate
    url: str = ""
    author: str = ""
    genre: str = ""
    language: str = ""
    version: str = ""
    note: str = ""


def as_csl(entries: Sequence[Entry]) -> str:
    """CSL-JSON: what Zotero, Mendeley and pandoc read."""
    return json.dumps([_csl(entry) for entry in entries], ensure_ascii=False, indent=1) + "\n"


def as_bibtex(entries: Sequence[Entry]) -> str:
    """BibTeX in UTF-8. `date` is for biblatex, which reads EDTF; `year` and `month` are for the older styles."""
    return "\n".join(_bibtex(entry) for entry in entries)


def as_ris(entries: Sequence[Entry]) -> str:
    """RIS, with its line ends."""
    return "".join(_ris(entry) for entry in entries)


def as_text(entries: Sequence[Entry]) -> str:
    """A line each: “Rashomon: Title. Note. 24 November 2026. https://…”."""
    return "".join(f"{line_of(entry)}\n" for entry in entries)


def line_of(entry: Entry) -> str:
    """One entry in words, undated where nothing is known."""
    parts = [
        f"{entry.author}: {entry.title}" if entry.author else entry.title,
        "" if entry.container == entry.author else entry.container,
        label(entry.issued),
        entry.note,
    ]
    said = " ".join(_sentence(_plain(part)) for part in parts if part)
    return f"{said} {entry.url}".strip()


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", ".”", "?”", "!”")) else f"{text}."


def _plain(text: str) -> str:
    """In one line, without control characters."""
    return _CONTROL.sub(" ", text).strip()


def _csl(entry: Entry) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": entry.key,
        "type": entry.kind,
        "title": _plain(entry.title),
        "author": [{"literal": _plain(entry.author)}] if entry.author else "",
        "container-title": _plain(entry.container),
        "genre": _plain(entry.genre),
        "issued": _csl_date(entry.issued),
        "version": entry.version,
        "URL": entry.url,
        "language": entry.language,
        "note": _plain(entry.note),
    }
    return {name: value for name, value in fields.items() if value}


def _parts(date: UncertainDate) -> list[list[int]]:
    """Year, month and day of a date, as far as they are known, or of both ends of a span; none of an open one."""
    written = edtf.write(date).replace("~", "")
    ends = written.split("/")
    return [] if not written or ".." in ends else [[int(part) for part in end.split("-")] for end in ends]


def _csl_date(date: UncertainDate) -> dict[str, object]:
    if parts := _parts(date):
        return {"date-parts": parts, **({"circa": True} if date.approximate else {})}
    return {"literal": label(date)} if date.precision != "unknown" else {}


def _bibtex(entry: Entry) -> str:
    parts = _parts(entry.issued)
    exact = len(parts) == 1 and not entry.issued.approximate
    year = str(parts[0][0]) if exact else _year(entry.issued)
    fields = {
        "author": _tex(entry.author, whole=True),
        "title": _tex(entry.title, whole=True),
        "journal" if entry.kind == "article-newspaper" else "organization": _tex(entry.container),
        "type": _tex(entry.genre),
        "date": f"{{{edtf.write(entry.issued)}}}" if edtf.write(entry.issued) else "",
        "year": _tex(year),
        "month": _MONTHS[parts[0][1] - 1] if exact and len(parts[0]) > 1 else "",
        "version": _tex(entry.version),
        # Read as it stands: only braces and backslashes would end it too early.
        "url": f"{{{_in_braces(entry.url)}}}" if entry.url else "",
        "language": _tex(entry.language),
        "note": _tex(entry.note),
    }
    kind = "article" if entry.kind == "article-newspaper" else "misc"
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{entry.key},\n{lines}}}\n"


def _year(date: UncertainDate) -> str:
    """A date that has no one year, as older styles print it: “c. 2024”, “2023–2024”."""
    return "" if date.precision == "unknown" else label(date)


def _tex(text: str, *, whole: bool = False) -> str:
    """In braces, TeX's own characters escaped; `whole`: in two, so that no style changes capitals or cuts names."""
    escaped = "".join(_TEX.get(character, character) for character in _plain(text))
    return ("{{%s}}" if whole else "{%s}") % escaped if escaped else ""


def _in_braces(url: str) -> str:
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def _ris(entry: Entry) -> str:
    lines = [
        ("TY", _RIS.get(entry.kind, "ELEC")),
        ("ID", entry.key),
        ("AU", entry.author),
        ("TI", entry.title),
        ("T2", entry.container),
        ("M3", entry.genre),
        ("PY", edtf.write(entry.issued)[:4] if _parts(entry.issued) else ""),
        ("DA", _ris_date(entry.issued)),
        ("ET", entry.version),
        ("LA", entry.language),
        ("UR", entry.url),
        ("N1", entry.note),
    ]
    written = [f"{tag}  - {_plain(value)}\r\n" for tag, value in lines if value]
    return "".join(written) + "ER  - \r\n\r\n"


def _ris_date(date: UncertainDate) -> str:
    """Year/month/day/anything else: of an uncertain date its words stand at the end."""
    if date.precision == "unknown":
        return ""
    parts = _parts(date)
    if len(parts) != 1:
        return f"///{label(date)}"
    first = [f"{parts[0][0]:04}", *(f"{part:02}" for part in parts[0][1:])]
    return "/".join([*first, *[""] * (3 - len(first)), label(date) if date.approximate else ""])
