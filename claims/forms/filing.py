"""Filing a new statement: a few words are asked, the rest is proposed from the captured text."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from claims.anchors import Passage, Place
from claims.choices import (
    CueClass,
    Mode,
    Polarity,
    Sourcing,
    SpeakerKind,
    Stance,
    StatementKind,
)
from claims.forms.statements import StatementForm, excerpt_of
from claims.models import Position, Question
from claims.rules import RULES
from sources.anchoring import Span
from sources.cues import CUES
from sources.kept_text import normalise
from sources.proposals import find_cue, propose_language, propose_mode

PROPOSED = "Proposed from the text"

_KIND_OF_CUE: dict[str, StatementKind] = {
    CueClass.PROMISE: StatementKind.COMMITMENT,
    CueClass.PREDICT: StatementKind.PREDICTION,
    CueClass.DEMAND: StatementKind.DEMAND,
    CueClass.CHARACTERISE: StatementKind.CHARACTERISATION,
}


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
        text, place, span, speaker = capture.text, self.content_place, self.content_span, data.get("speaker")
        own_voice = bool(speaker and speaker.outlet_id and speaker.outlet_id == capture.source.outlet_id)
        self._propose_mode(data, text, place, own_voice=own_voice)
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

    def _propose_mode(self, data: dict[str, Any], text: str, place: Place | None, *, own_voice: bool) -> None:
        if data.get("mode") or "mode" in self.errors:
            if data.get("mode") in {Mode.DIRECT, Mode.MIXED} and place and not self.passages:
                self.passages = _quoted_in(text, place)
            return
        found = _quoted_in(text, place) if place else []
        if own_voice and not self.passages:
            mode, found = Mode.NARRATOR, []
        elif self.passages or found:
            self.passages = self.passages or found
            quoted = " ".join(passage.words for passage in self.passages)
            whole = [c for c in data["content"] if c.isalnum()] == [c for c in quoted if c.isalnum()]
            mode = Mode.DIRECT if whole else Mode.MIXED
        else:
            mode = Mode.INDIRECT
        data["mode"] = mode
        self.proposed.append(Mode(mode).label.lower())
        if found and not data.get("quoted"):
            self.proposed.append("quoted words " + ", ".join(f"“{excerpt_of(p.words)}”" for p in self.passages))

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
            # In Arabic “and” and “so” are written onto the verb.
            asked = {cue.casefold(), cue[1:] if cue[:1] in {"و", "ف"} else cue.casefold()}
            row = next((r for r in CUES if asked & {form.strip() for form in r.forms.split(",")}), None)
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


def _quoted_in(text: str, place: Place) -> list[Passage]:
    """The passages that the source prints between quotation marks, within the pieces of the statement's words."""
    return [Passage(words.of(text), words.start) for piece in place.pieces for words in propose_mode(text, piece)[1]]
