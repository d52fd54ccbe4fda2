"""How readers' words find records: spellings, word forms, phrases and exclusions, and names that were misspelt.

The folding and the word forms are the database's (migration 0012), so that what is indexed and what is looked for are
always made alike.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import ValidationError
from django.db.models import CharField, F, FloatField, Func, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Replace
from django.db.models.lookups import Contains, GreaterThan
from django.utils.translation import gettext_lazy as _

WORDS = "claims_words"  # The text search configuration.
LIKE_ENOUGH = 0.45  # Of a name that may have been meant; “Alawi” and “Allawi” have 0.57.
SUGGESTIONS = 3


class SearchForm(Func):
    """A text in the one spelling in which texts are compared: no accents, one form of each Arabic letter."""

    function = "claims_search_form"
    arity = 1
    output_field = CharField()


class WordForm(SearchForm):
    """That, with the Arabic prefixes and endings off; the configuration does as much for English."""

    function = "claims_word_form"


class TellingParts(Func):
    """How many of the words tell something."""

    template = "numnode(websearch_to_tsquery('claims_telling_words', claims_word_form(%(expressions)s)))"
    arity = 1
    output_field = IntegerField()


class WordsFound(Func):
    """The words of a text that a query looks for, as they stand in it."""

    function = "claims_words_found"
    arity = 2
    output_field = ArrayField(TextField())


class Alike(Func):
    """How much of some words is in a text, from 0 to 1: of their trigrams, those of its likest part."""

    function = "word_similarity"
    arity = 2
    output_field = FloatField()


def check_words(value: str) -> None:
    """Raises ValidationError for a search in which there is nothing to look for."""
    if value.strip("\0") and not any(letter.isalnum() for letter in value):
        raise ValidationError(_("Write a word, a name or a number to look for."), code="no_words")


class Query(SearchQuery):
    """A reader's words as a query: all of them, “phrases in quotation marks”, -excluded ones, “or” between two."""

    SEARCH_TYPES = {"reader": "claims_query"}

    def __init__(self, words: str, **kwargs: Any) -> None:
        super().__init__(words, **{**kwargs, "search_type": "reader"})


def vector_of(field: str) -> SearchVector:
    """The expression that the index of this field has."""
    return SearchVector(WordForm(field), config=WORDS)


def fit(query: Query) -> Cast:
    """How well a statement fits, as a whole number, so that a page can go on after it exactly."""
    weighed = Func(F("search"), query, template="ts_rank_cd(%(expressions)s, 32) * 1000000")
    return Cast(weighed, IntegerField())


def named(words: str, field: str = "name") -> Q:
    """The condition that a name has these words, however accents and letters are written."""
    return Q(Contains(SearchForm(F(field)), SearchForm(Value(words))))


def named_so(word: str, field: str) -> Q:
    """The condition that a word of a name begins like this one: “Sudani” finds “al-Sudani”, “us” no “Hussein”."""
    starts = [Concat(Value(" "), Replace(SearchForm(each), Value("-"), Value(" "))) for each in (F(field), Value(word))]
    return named(word, field) & Q(Contains(*starts))  # The first has an index.


def tells(word: str) -> Q:
    """The condition that there is something to look for in a word; in “the” there is nothing."""
    return Q(GreaterThan(TellingParts(Value(word)), 0))


def meant(speakers: QuerySet[Any], words: str) -> list[Any]:
    """Up to SUGGESTIONS speakers with a name like these words, the likest first. 1 query."""
    from claims.models import SpeakerName  # The models' indexes need this module.

    looked_for = SearchForm(Value(words))
    others = SpeakerName.objects.alias(alike=Alike(looked_for, SearchForm("text")))
    alike = Alike(looked_for, SearchForm("name"))
    found = speakers.annotate(alike=alike).filter(
        Q(alike__gte=LIKE_ENOUGH) | Q(pk__in=others.filter(alike__gte=LIKE_ENOUGH).values("speaker"))
    )
    return list(found.order_by("-alike", "pk")[:SUGGESTIONS])
