"""A statement that stands: its words, the places they were found at, everything about them."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from claims.choices import (
    AnchorPart,
    DateBasis,
    Mode,
)
from claims.models import Position, Statement
from claims.rules import RULES
from claims.services import Passage
from sources.anchoring import Span, context, locate
from sources.forms import DeskForm, EdtfField
from sources.kept_text import normalise
from sources.proposals import find_cue

MOST_PLACES = 20
LONGEST = 20_000  # Code points; PostgreSQL's search index holds no text of a megabyte, and no claim is so long.

_PAIRS = {"“": "”", "«": "»", '"': '"', "„": "“", "‘": "’"}


class PlacedTextarea(forms.Textarea):
    """A text area and, where its words stand in the capture more than once, a choice of the places, in context."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "vLargeTextField", "rows": 3, "dir": "auto", **(attrs or {})})
        self.places: list[dict[str, Any]] = []

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        area = super().render(name, value, attrs, renderer)
        if not self.places:
            return area
        return render_to_string("admin/claims/_places.html", {"area": area, "places": self.places})


def passages_of(text: str) -> list[str]:
    """The quoted passages of the form's field: an empty line between two; outer quotation marks taken off."""
    return [bare(words) for words in re.split(r"\n[^\S\n]*\n", normalise(text).strip()) if words.strip()]


def bare(words: str) -> str:
    """Words without the one pair of quotation marks around them."""
    words = words.strip()
    closing = _PAIRS.get(words[:1])
    if closing and len(words) > 2 and words.endswith(closing) and not set(words[1:-1]) & {words[0], closing}:
        return words[1:-1].strip()
    return words


class StatementForm(DeskForm):
    """What one source attributes to one speaker. Offsets, prefix, suffix and tier are computed from the words."""

    quoted = forms.CharField(
        required=False,
        label="Quoted words",
        widget=PlacedTextarea({"rows": 3}),
        help_text=(
            "The words between quotation marks, copied without the marks; an empty line between two passages. Leave it "
            "empty if nothing is quoted."
        ),
    )
    said = EdtfField(label="Said on")

    dates = {"said": ("said_from", "said_to")}
    also_checked = ("said_from", "said_to", "precision", "approximate", "status")

    class Meta:
        model = Statement
        fields = "__all__"
        labels = {"content": "Words"}
        widgets = {"content": PlacedTextarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the form found out, for the room that saves and reports: see claims/admin/statements.py.
        self.content_span: Span | None = None
        self.passages: list[Passage] = []
        self.cue_passages: list[Passage] = []
        self.warnings: list[str] = []
        self.proposed: list[str] = []
        if "content" in self.fields:
            self.fields["content"].widget.places = []
            self.fields["quoted"].widget.places = []
        if self.instance.pk:
            anchors = list(self.instance.anchors.all())
            self.kept = {
                part: [anchor for anchor in anchors if anchor.part == part]
                for part in (AnchorPart.CONTENT, AnchorPart.QUOTE)
            }
            self.initial.setdefault("quoted", "\n\n".join(anchor.exact for anchor in self.kept[AnchorPart.QUOTE]))
            if not self.is_bound and "content" in self.fields:
                self._offer_kept()
        else:
            self.kept = {AnchorPart.CONTENT: [], AnchorPart.QUOTE: []}

    def kept_apart(self) -> list[str]:
        """The places of the words too: they stand in rows of their own."""
        return [*super().kept_apart(), *(["quoted"] if "quoted" in self.fields else [])]

    def state_of(self, name: str) -> str:
        if name != "quoted":
            return super().state_of(name)
        placed = self.instance.anchors.filter(part__in=(AnchorPart.CONTENT, AnchorPart.QUOTE))
        rows = sorted(repr(row) for row in placed.values_list("part", "start", "end", "exact"))
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()

    def stored_words(self, name: str, row: Any) -> str:
        if name != "quoted":
            return super().stored_words(name, row)
        quotes = row.anchors.filter(part=AnchorPart.QUOTE).order_by("start")
        return ", ".join(f"“{exact}”" for exact in quotes.values_list("exact", flat=True))

    def _offer_kept(self) -> None:
        """Show the choice of places that was made, so that it can be made anew."""
        text, content = self.instance.capture.text, self.instance.content
        spans = locate(text, content, exactly=True).spans
        at = next((anchor.start for anchor in self.kept[AnchorPart.CONTENT]), None)
        self._offer("content", "content_at", text, content, spans, at)
        within = next((span for span in spans if span.start == at), None)
        for number, anchor in enumerate(self.kept[AnchorPart.QUOTE]):
            found = locate(text, anchor.exact, within=within, exactly=True).spans
            self._offer("quoted", f"quoted_at_{number}", text, anchor.exact, found, anchor.start)

    def clean_content(self) -> str:
        content = normalise(self.cleaned_data["content"]).strip()
        if len(content) > LONGEST:
            raise ValidationError(
                f"These are {len(content):,} characters; a claim has at most {LONGEST:,}. Keep the shortest words that "
                "say it."
            )
        return content

    def clean_quoted(self) -> str:
        return normalise(self.cleaned_data["quoted"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        capture, content = data.get("capture"), data.get("content")
        passages = passages_of(data.get("quoted") or "")
        if capture and content:
            self._place(capture.text, content, passages)
            if "content" not in self.errors:
                self._propose(data, capture)
                self._find_cue_words(data, capture)
        self._clean_mode(data)
        self._clean_date(data)
        return data

    # Where the words stand.

    def _place(self, text: str, content: str, quoted: list[str]) -> None:
        self.content_span = self._find(text, "content", "content_at", content, AnchorPart.CONTENT, 0, None)
        if "content" in self.errors:
            return
        if self.content_span is None:
            self.warnings.append(
                "The words are not in the captured text, so this statement cannot be published. Copy them from the "
                "text once more, character for character."
            )
        taken: list[Span] = []
        for number, words in enumerate(quoted):
            name = f"quoted_at_{number}"
            span = self._find(text, "quoted", name, words, AnchorPart.QUOTE, number, self.content_span)
            if span is None and "quoted" not in self.errors:
                self.warnings.append(self._not_quoted(text, words))
            if span and any(span.overlap(other) for other in taken):
                self.add_error("quoted", f"“{excerpt_of(words)}” overlaps another quoted passage; make them one.")
            taken += [span] if span else []
            self.passages.append(Passage(words, span.start if span else None))

    def _not_quoted(self, text: str, words: str) -> str:
        if self.content_span and locate(text, words, exactly=True).spans:
            return (
                f"“{excerpt_of(words)}” stands in the captured text, but outside the statement's words, so it cannot "
                "be published: let the statement's words reach over it, or take it out."
            )
        return f"“{excerpt_of(words)}” is not in the captured text, so it cannot be published: copy it once more."

    def _find(
        self, text: str, field: str, name: str, words: str, part: AnchorPart, order: int, within: Span | None
    ) -> Span | None:
        """The one place of the words; an error beside the field and a choice below it where there are several."""
        spans = locate(text, words, within=within, exactly=True).spans
        if len(spans) <= 1:
            return spans[0] if spans else None
        chosen = str(self.data.get(self.add_prefix(name), ""))
        at = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
        if at is None:
            at = next((a.start for a in self.kept[part] if a.order == order and a.exact == words), None)
        found = next((span for span in spans if span.start == at), None)
        self._offer(field, name, text, words, spans, at if found else None)
        if found is None:
            few = (
                "choose below which place is meant" if len(spans) <= MOST_PLACES else "copy more of the words around it"
            )
            self.add_error(field, f"“{excerpt_of(words)}” stands {len(spans)} times in the captured text: {few}.")
        return found

    def _offer(self, field: str, name: str, text: str, words: str, spans: Sequence[Span], at: int | None) -> None:
        if 1 < len(spans) <= MOST_PLACES:
            choices = []
            for number, span in enumerate(spans, start=1):
                before, after = context(text, span, 60)
                choices.append(
                    {"number": number, "at": span.start, "before": before, "after": after, "checked": span.start == at}
                )
            self.fields[field].widget.places.append(
                {"name": self.add_prefix(name), "words": words, "short": excerpt_of(words), "choices": choices}
            )

    # What is proposed; only a form that adds leaves anything open.

    def _propose(self, data: dict[str, Any], capture: Any) -> None:
        """Nothing to propose: on the form that changes a statement, its own values stand."""

    def _find_cue_words(self, data: dict[str, Any], capture: Any) -> None:
        """The place of the cue, where it is the one that stands beside the content."""
        span, cue = self.content_span, data.get("cue") or ""
        if span and cue:
            found = find_cue(capture.text, span, f"{capture.source.language} en ar")
            if found and found[0].words.casefold() == cue.casefold():
                self.cue_passages = [Passage(place.of(capture.text), place.start) for place in found[1]]

    def _clean_mode(self, data: dict[str, Any]) -> None:
        mode = data.get("mode")
        quoted = bool(self.passages)
        if quoted and mode in {Mode.INDIRECT, Mode.NARRATOR}:
            self.add_error("mode", RULES["statement_paraphrase_has_no_quote"][1])
        if not quoted and mode in {Mode.DIRECT, Mode.MIXED} and data.get("capture") and "quoted" not in self.errors:
            self.warnings.append("A quotation needs its quoted words before it can be published.")

    def _clean_date(self, data: dict[str, Any]) -> None:
        said, basis = data.get("said"), data.get("date_basis")
        if said is None:
            return
        if said.precision == "unknown":
            if not basis:
                data["date_basis"] = DateBasis.UNRESOLVED
            elif basis != DateBasis.UNRESOLVED:
                self.add_error("said", "Give the date, or choose “Undated” for what it rests on.")
        elif basis in {"", None, DateBasis.UNRESOLVED} and "date_basis" not in self.errors:
            self.add_error(
                "date_basis", "Choose what this date rests on: printed in the source, resolved, or from outside."
            )
        elif basis == DateBasis.EXTERNAL and not data.get("date_note"):
            self.add_error("date_note", "Say where the date is known from; readers see this note.")


class PositionForm(DeskForm):
    class Meta:
        model = Position
        fields = "__all__"


def excerpt_of(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:59]}…"
