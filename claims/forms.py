"""The desk's forms for claims: little is asked, the rest is proposed from the captured text, and no words are lost."""

import re
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from claims.choices import (
    AnchorPart,
    CueClass,
    DateBasis,
    Mechanism,
    Mode,
    Polarity,
    Sourcing,
    SpeakerKind,
    Stance,
    StatementKind,
)
from claims.models import Contradiction, Position, Question, Speaker, Statement
from claims.rules import RULES
from claims.services import Passage
from sources.anchoring import Span, context, locate
from sources.forms import DeskForm, EdtfField
from sources.kept_text import normalise
from sources.proposals import CUES, find_cue, propose_language, propose_mode

PROPOSED = "Proposed from the text"
MOST_PLACES = 20
LONGEST = 20_000  # Code points; PostgreSQL's search index holds no text of a megabyte, and no claim is so long.

_PAIRS = {"“": "”", "«": "»", '"': '"', "„": "“", "‘": "’"}
_KIND_OF_CUE: dict[str, StatementKind] = {
    CueClass.PROMISE: StatementKind.COMMITMENT,
    CueClass.PREDICT: StatementKind.PREDICTION,
    CueClass.DEMAND: StatementKind.DEMAND,
    CueClass.CHARACTERISE: StatementKind.CHARACTERISATION,
}


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


class AccountTextarea(forms.Textarea):
    """A text area for the conflicting words, under the account from which they are pasted."""

    def __init__(self, side: str) -> None:
        super().__init__({"class": "vLargeTextField", "rows": 3, "dir": "auto"})
        self.side = side
        self.statement: Statement | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        area = super().render(name, value, attrs, renderer)
        return render_to_string(
            "admin/claims/_account.html", {"area": area, "side": self.side, "statement": self.statement}
        )


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

    def _offer_kept(self) -> None:
        """Show the choice of places that was made, so that it can be made anew."""
        text, content = self.instance.capture.text, self.instance.content
        spans = locate(text, content).spans
        at = next((anchor.start for anchor in self.kept[AnchorPart.CONTENT]), None)
        self._offer("content", "content_at", text, content, spans, at)
        within = next((span for span in spans if span.start == at), None)
        for number, anchor in enumerate(self.kept[AnchorPart.QUOTE]):
            found = locate(text, anchor.exact, within=within).spans
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
                self.add_error("quoted", f"“{_short(words)}” overlaps another quoted passage; make them one.")
            taken += [span] if span else []
            self.passages.append(Passage(words, span.start if span else None))

    def _not_quoted(self, text: str, words: str) -> str:
        if self.content_span and locate(text, words).spans:
            return (
                f"“{_short(words)}” stands in the captured text, but outside the statement's words, so it cannot be "
                "published: let the statement's words reach over it, or take it out."
            )
        return f"“{_short(words)}” is not in the captured text, so it cannot be published: copy it once more."

    def _find(
        self, text: str, field: str, name: str, words: str, part: AnchorPart, order: int, within: Span | None
    ) -> Span | None:
        """The one place of the words; an error beside the field and a choice below it where there are several."""
        spans = locate(text, words, within=within).spans
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
            self.add_error(field, f"“{_short(words)}” stands {len(spans)} times in the captured text: {few}.")
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
                {"name": self.add_prefix(name), "words": words, "short": _short(words), "choices": choices}
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


class NewStatementForm(StatementForm):
    """The first screen: the capture, the speaker, the words, one answer. What is left open is proposed."""

    question = forms.ModelChoiceField(
        Question.objects.all(), required=False, help_text="The question these words speak to, if any."
    )
    stance = forms.ChoiceField(
        required=False, choices=[("", "—"), *Stance.choices], help_text="What they answer; needed with a question."
    )
    gist = forms.CharField(
        required=False,
        max_length=120,
        widget=forms.TextInput({"class": "vTextField", "dir": "auto"}),
        help_text="The answer in a few words of your own; use the same words for speakers who agree.",
    )
    position_words = forms.CharField(
        required=False,
        label="Answering words",
        widget=forms.Textarea({"class": "vLargeTextField", "rows": 2, "dir": "auto"}),
        help_text="The part of the words above that carries the answer, copied exactly. Empty means: all of them.",
    )
    value = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "vTextField", "dir": "auto"}),
        help_text="The answer, where the stance is “Says”: a name, a date.",
    )
    number = forms.DecimalField(
        required=False, max_digits=20, decimal_places=4, help_text="The answer as a figure, where it is one."
    )
    unit = forms.CharField(
        required=False,
        max_length=50,
        widget=forms.TextInput({"class": "vTextField"}),
        help_text="What the figure counts: soldiers, dollars.",
    )

    open_choices = ("mode", "cue_class", "polarity", "kind", "sourcing", "date_basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.open_choices:
            if name in self.fields:
                field = cast(Any, self.fields[name])
                field.required = False
                blank = "Undated" if name == "date_basis" else PROPOSED
                field.choices = [("", f"— {blank} —"), *[choice for choice in field.choices if choice[0]]]
                # The model's default would hide that nothing was chosen yet.
                field.initial = ""
                if name not in kwargs.get("initial", {}):
                    self.initial[name] = ""
        if "language" in self.fields:
            self.fields["language"].required = False
            self.fields["language"].help_text += " Left empty, it is proposed from the script and the source."
            self.initial["language"] = ""
        self.position: Position | None = None

    def _propose(self, data: dict[str, Any], capture: Any) -> None:
        text, span, speaker = capture.text, self.content_span, data.get("speaker")
        own_voice = bool(speaker and speaker.outlet_id and speaker.outlet_id == capture.source.outlet_id)
        self._propose_mode(data, text, span, own_voice=own_voice)
        self._propose_cue(data, capture, span)
        if not data.get("language"):
            language = propose_language(data["content"]) or capture.source.language
            data["language"] = language
            self.proposed.append(f"language {language}")
        if not data.get("kind") and "kind" not in self.errors:
            data["kind"] = _KIND_OF_CUE.get(data.get("cue_class") or "", StatementKind.FACTUAL)
            self.proposed.append(StatementKind(data["kind"]).label.lower())
        if not data.get("sourcing") and "sourcing" not in self.errors:
            unnamed = speaker and speaker.kind == SpeakerKind.UNNAMED
            data["sourcing"] = Sourcing.BACKGROUND if unnamed else Sourcing.ON_RECORD
            self.proposed.append(Sourcing(data["sourcing"]).label.lower())

    def _propose_mode(self, data: dict[str, Any], text: str, span: Span | None, *, own_voice: bool) -> None:
        if data.get("mode") or "mode" in self.errors:
            if data.get("mode") in {Mode.DIRECT, Mode.MIXED} and span and not self.passages:
                self.passages = [Passage(words.of(text), words.start) for words in propose_mode(text, span)[1]]
            return
        mode, found = propose_mode(text, span) if span else ("indirect", [])
        if own_voice and not self.passages:
            mode, found = Mode.NARRATOR, []
        elif self.passages:
            quoted = " ".join(passage.words for passage in self.passages)
            whole = [c for c in data["content"] if c.isalnum()] == [c for c in quoted if c.isalnum()]
            mode = Mode.DIRECT if whole else Mode.MIXED
        else:
            self.passages = [Passage(words.of(text), words.start) for words in found]
        data["mode"] = mode
        self.proposed.append(Mode(mode).label.lower())
        if found and not data.get("quoted"):
            self.proposed.append("quoted words " + ", ".join(f"“{_short(p.words)}”" for p in self.passages))

    def _propose_cue(self, data: dict[str, Any], capture: Any, span: Span | None) -> None:
        cue, cue_class = data.get("cue") or "", data.get("cue_class") or ""
        if "cue" in self.errors or "cue_class" in self.errors:
            return
        found = find_cue(capture.text, span, f"{capture.source.language} en ar") if span else None
        polarity: str = Polarity.AFFIRM
        if data.get("mode") == Mode.NARRATOR and not cue and not cue_class:
            data["cue_class"] = CueClass.NONE
        elif not cue and not cue_class:
            if found:
                data["cue"], data["cue_class"], polarity = found[0].words, found[0].cue_class, found[0].polarity
                label = CueClass(found[0].cue_class).label.lower()
                self.proposed.append(f"cue “{found[0].words}” ({label})")
            else:
                data["cue_class"] = CueClass.IMPLICIT
                self.proposed.append("no cue")
        elif cue and not cue_class:
            row = next((r for r in CUES if cue.casefold() in [form.strip() for form in r.forms.split(",")]), None)
            if row:
                data["cue_class"], polarity = row.cue_class, row.polarity
                self.proposed.append(f"“{cue}” {CueClass(row.cue_class).label.lower()}")
            else:
                self.add_error("cue_class", f"Choose what “{cue}” does: this word is not in our list.")
        elif not cue and found and found[0].cue_class == cue_class:
            data["cue"], polarity = found[0].words, found[0].polarity
            self.proposed.append(f"cue “{found[0].words}”")
        elif cue_class == CueClass.DENY:
            polarity = Polarity.DENY
        if not data.get("polarity") and "polarity" not in self.errors:
            data["polarity"] = polarity
            self.proposed.append(f"the speaker {Polarity(polarity).label.lower()} it")

    def _post_clean(self) -> None:
        super()._post_clean()
        self._build_position()

    def _build_position(self) -> None:
        """The first answer, checked as its own form would be, its complaints beside these fields."""
        data = self.cleaned_data
        question, stance = data.get("question"), data.get("stance")
        names = ("gist", "position_words", "value", "number", "unit")
        given = [name for name in names if data.get(name) not in (None, "")]
        if not question:
            if (stance or given) and "question" not in self.errors:
                self.add_error("question", "Choose the question to which this is the answer, or empty the answer.")
            return
        if not stance:
            if "stance" not in self.errors:
                self.add_error("stance", "Say what the words answer to this question.")
            return
        words = normalise(data.get("position_words") or "").strip()
        if words and words not in data.get("content", words):
            self.add_error("position_words", RULES["position_words_in_content"][1])
        position = Position(
            question=question,
            stance=stance,
            words=words,
            gist=data.get("gist") or "",
            value=data.get("value") or "",
            number=data.get("number"),
            unit=data.get("unit") or "",
        )
        if stance == Stance.VALUE and not position.value and position.number is None and "number" not in self.errors:
            self.add_error("value", "The stance “Says” needs a value or a number.")
        if position.unit and position.number is None and "number" not in self.errors:
            self.add_error("number", "A unit needs a number.")
        try:
            position.clean_fields(exclude={"statement"})
        except ValidationError as error:
            for name, errors in error.error_dict.items():
                self.add_error({"words": "position_words"}.get(name, name), errors)
        self.position = position


class PositionForm(DeskForm):
    class Meta:
        model = Position
        fields = "__all__"


class ContradictionForm(DeskForm):
    """Two accounts side by side, the conflicting words pasted from each."""

    mechanisms = forms.MultipleChoiceField(
        required=False,
        choices=Mechanism.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="What in the language makes them conflict; one or more.",
    )

    also_checked = ("status",)

    class Meta:
        model = Contradiction
        fields = "__all__"
        labels = {"first": "First account", "second": "Second account"}
        widgets = {"first_words": AccountTextarea("first"), "second_words": AccountTextarea("second")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "pattern" in self.fields:
            self.fields["pattern"].initial = ""
        for side in ("first", "second"):
            if f"{side}_words" in self.fields:
                self.fields[f"{side}_words"].widget.statement = self._statement(side)

    def _statement(self, side: str) -> Statement | None:
        """The account that the form shows now: as chosen in the browser, as asked for in the address, as stored."""
        if side in self.fields:
            key = self.data.get(self.add_prefix(side)) if self.is_bound else self.initial.get(side)
        else:
            key = getattr(self.instance, f"{side}_id")
        if isinstance(key, models.Model):
            key = key.pk
        if not (key and str(key).isascii() and str(key).isdigit()):
            return None
        accounts = Statement.objects.for_reading().prefetch_related("positions__question")
        return accounts.filter(pk=key).first()

    def clean_first_words(self) -> str:
        return normalise(self.cleaned_data["first_words"]).strip()

    def clean_second_words(self) -> str:
        return normalise(self.cleaned_data["second_words"]).strip()


class SpeakerForm(DeskForm):
    slug_from = "name"

    class Meta:
        model = Speaker
        fields = "__all__"


class SideForm(DeskForm):
    slug_from = "name"


class TopicForm(DeskForm):
    slug_from = "title"


class QuestionForm(DeskForm):
    """A question of a topic; its short name need only be free within that topic."""

    slug_from = "text"

    def slugs_taken(self, data: dict[str, Any]) -> models.QuerySet[Any]:
        return Question.objects.filter(topic=data.get("topic"))


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:59]}…"
