"""Our own terms for machines, each under /ns/ with what it means and what other vocabularies call it.

The values are those of the choices, and what each means is the comment that stands beside it there.
"""

import inspect
import io
import tokenize
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation

from claims import choices as ours
from claims.addresses import to
from sources import choices as of_sources

# What readers meet in records. The other choices are about the work at the desk.
VOCABULARIES: tuple[type[TextChoices], ...] = (
    *(ours.Finding, ours.Pattern, ours.Mechanism, ours.ScopeAnswer, ours.AssertedBy, ours.Resolution),
    *(ours.Stance, ours.AnswerKind, ours.Mode, ours.CueClass, ours.Polarity, ours.Determinacy, ours.StatementKind),
    *(ours.Sourcing, ours.DateBasis, ours.RelayCertainty, ours.OccasionKind, ours.Rank, ours.ReplyState),
    *(ours.SpeakerKind, ours.NameKind, ours.AnchorPart, ours.TranslatedBy, ours.CorrectionKind),
    *(of_sources.OutletKind, of_sources.SourceKind, of_sources.SourceState, of_sources.CaptureMethod),
    *(of_sources.Rights, of_sources.Precision, of_sources.Tier),
)


@dataclass(frozen=True)
class Value:
    """One value of a closed vocabulary; `anchor` is its place on the page and in its address."""

    value: str
    label: str
    meaning: str
    anchor: str


@dataclass(frozen=True)
class Vocabulary:
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Term:
    """A class or property. `takes` is the vocabulary, the class or the sort of its values; "" of a class."""

    name: str
    meaning: str
    takes: str = ""
    schema_org: str = ""
    web_annotation: str = ""
    aif: str = ""

    @property
    def is_class(self) -> bool:
        return not self.takes


TERMS = (
    Term(
        "Statement",
        "One attribution found in one source: somebody, a word that introduces, and what is said.",
        schema_org="schema:Claim",
        web_annotation="oa:Annotation",
        aif="aif:L-node",
    ),
    Term(
        "Position",
        "What a statement answers to a question.",
        aif="aif:YA-node",
    ),
    Term(
        "Contradiction",
        "Two statements on one question that conflict or seem to: typed, scoped, explained. Never a verdict on truth.",
        aif="aif:CA-node",
    ),
    Term("Question", "A question on which accounts part.", schema_org="schema:Question"),
    Term("Topic", "One story, with its questions.", schema_org="schema:CreativeWork"),
    Term("UnnamedSpeaker", "Somebody whom one source does not name. No identity is kept, so none is given."),
    Term("first", "One account of a pair.", "Statement"),
    Term("second", "The other account of a pair.", "Statement"),
    Term("first_words", "The words of the first account that conflict.", "text"),
    Term("second_words", "The words of the second account that conflict.", "text"),
    Term("finding", "How the two accounts of a pair stand to each other.", "Finding"),
    Term("pattern", "What the second account does to the first.", "Pattern"),
    Term("mechanisms", "What in the language makes the two conflict.", "Mechanism"),
    Term("same_event", "Whether both accounts speak of the same event.", "ScopeAnswer"),
    Term("same_time", "Whether both speak of the same time.", "ScopeAnswer"),
    Term("same_referent", "Whether both speak of the same people or things.", "ScopeAnswer"),
    Term("same_measure", "Whether both count or define in the same way.", "ScopeAnswer"),
    Term("asserted_by", "Whether our editors or one of the speakers set the two against each other.", "AssertedBy"),
    Term("resolution", "What has become of the conflict.", "Resolution"),
    Term("explanation", "Why the two conflict or seem to, and on what reading both could hold.", "text"),
    Term("position", "What a statement answers.", "Position"),
    Term("question", "The question that is answered, or on which two accounts part.", "Question"),
    Term("stance", "The answer.", "Stance"),
    Term("gist", "The answer in a few words of the editors.", "text"),
    Term(
        "content",
        "The words of the source that carry the claim. Whether the speaker puts them forward or rejects them is told "
        "by the cue and its class.",
        "text",
        schema_org="schema:text",
        web_annotation="oa:exact",
    ),
    Term("mode", "Whether the words are quoted, paraphrased, both, or the source's own.", "Mode"),
    Term("cue", "The word that introduces them, as printed: “denied”.", "text"),
    Term("cue_class", "What that word does.", "CueClass", aif="aif:YA-node"),
    Term("polarity", "Whether the speaker puts something forward or rejects it.", "Polarity"),
    Term("said", "When it was said, as an uncertain date (EDTF).", "text", schema_org="schema:dateCreated"),
    Term("rank", "Whether it still stands as its speaker's word.", "Rank"),
    Term("speaker", "Who says it, according to the source.", "speaker", schema_org="schema:author"),
)


@cache
def _meanings(module: Any) -> dict[tuple[str, str], str]:
    """The comment beside each choice of a module, by class and name.

    Read from the text of the module, so that a meaning stands in one place alone; tests/test_architecture.py holds
    that each choice has one.
    """
    found, name, line = {}, "", [""]
    for token in tokenize.generate_tokens(io.StringIO(inspect.getsource(module)).readline):
        if token.type == tokenize.NAME and line[-1] == "class":
            name = token.string
        if token.type == tokenize.COMMENT:
            member = next((word for word in line if word.isupper()), "")
            found[name, member] = token.string.lstrip("# ")
        line = [""] if token.type in {tokenize.NEWLINE, tokenize.NL} else [*line, token.string]
    return found


def vocabularies() -> list[Vocabulary]:
    """Every closed vocabulary, its labels in the language that is spoken now, its meanings in that of the record."""
    return [
        Vocabulary(
            kind.__name__,
            tuple(
                Value(
                    each.value,
                    str(each.label),
                    _meanings(inspect.getmodule(kind))[kind.__name__, each.name],
                    anchor(kind, each.value),
                )
                for each in kind
            ),
        )
        for kind in VOCABULARIES
    ]


def anchor(kind: type[TextChoices], value: str) -> str:
    """The name of a value: “Finding-in_tension”."""
    return f"{kind.__name__}-{value}"


def namespace() -> str:
    """What every name begins with; also the address of the page that explains them."""
    return f"{to('vocabulary')}#"


PREFIXES = {
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "aif": "http://www.arg.dundee.ac.uk/aif#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def document() -> dict[str, Any]:
    """The vocabulary as one JSON-LD document: a context for our terms, and what each means (RDF Schema, SKOS)."""
    with translation.override(settings.LANGUAGE_CODE):
        every = vocabularies()
        terms = [_described(term) for term in TERMS]
        schemes = [_scheme(vocabulary) for vocabulary in every]
        values = [_concept(vocabulary, value) for vocabulary in every for value in vocabulary.values]
    return {"@context": _context(every), "@graph": [*terms, *schemes, *values]}


def _context(every: list[Vocabulary]) -> dict[str, Any]:
    """Our properties take the plain values of the API: “in_tension” under `finding` is one name, elsewhere another."""
    terms: dict[str, Any] = {"@version": 1.1, "rashomon": namespace(), **PREFIXES}
    by_name = {vocabulary.name: vocabulary for vocabulary in every}
    for term in TERMS:
        if vocabulary := by_name.get(term.takes):
            values = {value.value: f"rashomon:{value.anchor}" for value in vocabulary.values}
            terms[term.name] = {"@id": f"rashomon:{term.name}", "@type": "@vocab", "@context": values}
        elif term.is_class or term.takes == "text":
            terms[term.name] = f"rashomon:{term.name}"
        else:
            terms[term.name] = {"@id": f"rashomon:{term.name}", "@type": "@id"}
    return terms


def _described(term: Term) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": f"rashomon:{term.name}",
        "@type": "rdfs:Class" if term.is_class else "rdf:Property",
        "rdfs:label": {"@value": term.name, "@language": "en"},
        "rdfs:comment": {"@value": term.meaning, "@language": "en"},
        "rdfs:isDefinedBy": {"@id": namespace()},
    }
    if close := [name for name in (term.schema_org, term.web_annotation, term.aif) if name]:
        node["skos:closeMatch"] = [{"@id": name} for name in close]
    return node


def _scheme(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "@id": f"rashomon:{vocabulary.name}",
        "@type": "skos:ConceptScheme",
        "skos:hasTopConcept": [{"@id": f"rashomon:{value.anchor}"} for value in vocabulary.values],
    }


def _concept(vocabulary: Vocabulary, value: Value) -> dict[str, Any]:
    return {
        "@id": f"rashomon:{value.anchor}",
        "@type": "skos:Concept",
        "skos:notation": value.value,
        "skos:prefLabel": {"@value": value.label, "@language": "en"},
        "skos:definition": {"@value": value.meaning, "@language": "en"},
        "skos:inScheme": {"@id": f"rashomon:{vocabulary.name}"},
    }
