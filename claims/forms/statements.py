"""A statement that stands: its words, the places they were found at, everything about them."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from claims.anchors import Passage, Place, as_filed, find_places
from claims.choices import (
    AnchorPart,
    DateBasis,
    Mode,
)
from claims.forms.checking import found_words, limiting_words, loaded_word, missing_words, newer_copy_lacks
from claims.models import ContextNote, Position, Reply, Statement
from claims.rules import RULES
from sources.anchoring import Span, context
from sources.finding import folded_of
from sources.folding import Folded
from sources.forms import DeskForm, EdtfField
from sources.kept_text import normalise
from sources.proposals import find_cue

MOST_PLACES = 20
MOST_PASSAGES = 20
MOST_HINTS = 3  # Passages for which the form looks for what stands in their place; each costs a search of the text.
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
        self.folded: Folded | None = None
        self.content_place: Place | None = None
        self.passages: list[Passage] = []
        self.cue_passages: list[Passage] = []
        self.speaker_passages: list[Passage] = []
        self.found: list[str] = []
        self.cautions: list[str] = []
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
            self.initial.setdefault("quoted", "\n\n".join(words for words, _ in as_filed(self.kept[AnchorPart.QUOTE])))
            if not self.is_bound and "content" in self.fields:
                self._offer_kept()
        else:
            self.kept = {AnchorPart.CONTENT: [], AnchorPart.QUOTE: []}

    @property
    def content_span(self) -> Span | None:
        """Where the words stand, from the first piece to the last."""
        return self.content_place.span if self.content_place else None

    def _offer_kept(self) -> None:
        """Show the choice of places that was made, so that it can be made anew."""
        capture, content = self.instance.capture, self.instance.content
        folded = folded_of(capture)
        places = find_places(capture.text, content, folded=folded)
        at = next((anchor.start for anchor in self.kept[AnchorPart.CONTENT]), None)
        self._offer("content", "content_at", capture.text, content, places, at)
        within = next((place for place in places if place.span.start == at), None)
        for number, (words, pieces) in enumerate(as_filed(self.kept[AnchorPart.QUOTE])):
            found = find_places(capture.text, words, within, folded=folded)
            self._offer("quoted", f"quoted_at_{number}", capture.text, words, found, pieces[0].start)

    def clean_content(self) -> str:
        content = normalise(self.cleaned_data["content"]).strip()
        if len(content) > LONGEST:
            raise ValidationError(
                f"These are {len(content):,} characters; a claim has at most {LONGEST:,}. Keep the shortest words that "
                "say it."
            )
        return content

    def clean_quoted(self) -> str:
        quoted = normalise(self.cleaned_data["quoted"])
        if len(quoted) > LONGEST:
            raise ValidationError(f"These are {len(quoted):,} characters; quoted words have at most {LONGEST:,}.")
        if (count := len(passages_of(quoted))) > MOST_PASSAGES:
            raise ValidationError(
                f"These are {count} passages; a statement quotes at most {MOST_PASSAGES}. Make several statements, or "
                "one passage with “[…]” between the pieces."
            )
        return quoted

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        capture, content = data.get("capture"), data.get("content")
        passages = passages_of(data.get("quoted") or "")
        if capture and content:
            self._place(capture, content, passages)
            if "content" not in self.errors:
                self._propose(data, capture)
                self._find_other_words(data, capture)
        self._clean_mode(data)
        self._clean_date(data)
        return data

    # Where the words stand.

    def _place(self, capture: Any, content: str, quoted: list[str]) -> None:
        text, folded = capture.text, folded_of(capture)
        self.folded = folded
        self.content_place = self._find(text, folded, "content", "content_at", content, AnchorPart.CONTENT, 0, None)
        if "content" in self.errors:
            return
        if self.content_place is None:
            self.warnings.append(missing_words("The words", capture, content, folded))
        else:
            self.found.append(found_words("The words", text, self.content_place))
            self.cautions += filter(
                None, [limiting_words(text, self.content_place), newer_copy_lacks(capture, content)]
            )
        taken: list[Span] = []
        for number, words in enumerate(quoted):
            name = f"quoted_at_{number}"
            place = self._find(text, folded, "quoted", name, words, AnchorPart.QUOTE, number, self.content_place)
            if "quoted" not in self.errors:
                if place is None:
                    self.warnings.append(self._not_quoted(capture, words, folded))
                else:
                    self.found.append(found_words(f"The quoted words “{excerpt_of(words)}”", text, place))
            if place and any(piece.overlap(other) for piece in place.pieces for other in taken):
                self.add_error("quoted", f"“{excerpt_of(words)}” overlaps another quoted passage; make them one.")
            taken += place.pieces if place else ()
            self.passages.append(Passage(words, place.span.start if place else None))

    def _not_quoted(self, capture: Any, words: str, folded: Folded) -> str:
        if self.content_place and find_places(capture.text, words, folded=folded):
            return (
                f"“{excerpt_of(words)}” stands in the captured text, but outside the statement's words, so it cannot "
                "be published: let the statement's words reach over it, or take it out."
            )
        if len(self.warnings) >= MOST_HINTS:
            return f"“{excerpt_of(words)}” is not in the captured text either."
        return missing_words(f"The quoted words “{excerpt_of(words)}”", capture, words, folded)

    def _find(
        self,
        text: str,
        folded: Folded,
        field: str,
        name: str,
        words: str,
        part: AnchorPart,
        order: int,
        within: Place | None,
    ) -> Place | None:
        """The one place of the words; an error beside the field and a choice below it where there are several."""
        places = find_places(text, words, within, folded=folded)
        if len(places) <= 1:
            return places[0] if places else None
        at = self._chosen(name)
        if at is None:
            at = next((a.start for a in self.kept[part] if a.order == order and a.exact == words), None)
        found = next((place for place in places if place.span.start == at), None)
        self._offer(field, name, text, words, places, at if found else None)
        if found is None:
            few = (
                "choose below which place is meant"
                if len(places) <= MOST_PLACES
                else "copy more of the words around it"
            )
            self.add_error(field, f"“{excerpt_of(words)}” stands {len(places)} times in the captured text: {few}.")
        return found

    def _chosen(self, name: str) -> int | None:
        """The start of a place that the editor chose or selected, as the form sends it."""
        chosen = str(self.data.get(self.add_prefix(name), ""))
        return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None

    def _offer(self, field: str, name: str, text: str, words: str, places: Sequence[Place], at: int | None) -> None:
        if 1 < len(places) <= MOST_PLACES:
            choices = []
            for number, place in enumerate(places, start=1):
                start = place.span.start
                before, after = context(text, place.span, 60)
                choices.append(
                    {"number": number, "at": start, "before": before, "after": after, "checked": start == at}
                )
            self.fields[field].widget.places.append(
                {"name": self.add_prefix(name), "words": words, "short": excerpt_of(words), "choices": choices}
            )

    # What is proposed; only a form that adds leaves anything open.

    def _propose(self, data: dict[str, Any], capture: Any) -> None:
        """Nothing to propose: on the form that changes a statement, its own values stand."""

    def _find_other_words(self, data: dict[str, Any], capture: Any) -> None:
        """The places of the cue and of the speaker's words: as selected, or the cue that stands beside the content."""
        span, cue = self.content_span, data.get("cue") or ""
        self.speaker_passages = self._selected("speaker_at", capture.text, data.get("attributed_as") or "")
        self.cue_passages = self._selected("cue_at", capture.text, cue)
        if loaded := loaded_word(cue, capture.text):
            self.cautions.append(loaded)
        if span and cue and not self.cue_passages:
            found = find_cue(capture.text, span, f"{capture.source.language} en ar")
            if found and found[0].words.casefold() == cue.casefold():
                self.cue_passages = [Passage(place.of(capture.text), place.start) for place in found[1]]

    def _selected(self, name: str, text: str, words: str) -> list[Passage]:
        """Words at the places that were selected for them, “…” between two; none where words and places disagree."""
        sent = str(self.data.get(self.add_prefix(name), ""))
        starts = [int(start) for start in sent.split(",") if start.isascii() and start.isdigit() and len(start) < 10]
        pieces = words.split(" … ") if words else []
        if len(starts) != len(pieces) or any(not text.startswith(p, at) for p, at in zip(pieces, starts, strict=True)):
            return []
        return [Passage(piece, at) for piece, at in zip(pieces, starts, strict=True)]

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
        if said.precision != "unknown" and data.get("undated"):
            self.add_error("undated", "It has a date, so it is not undated: take the tick out, or the date.")
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


class ReplyForm(DeskForm):
    class Meta:
        model = Reply
        fields = "__all__"


class ContextNoteForm(DeskForm):
    class Meta:
        model = ContextNote
        fields = "__all__"


def excerpt_of(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:59]}…"
