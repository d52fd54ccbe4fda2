"""The fixtures: they load, load again without a change, equal their own dump, and hold the seed story whole."""

import json
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction

from claims.models import Anchor, Contradiction, Position, Speaker, Statement, Topic
from sources.anchoring import Span
from sources.excerpts import check_map, share_kept, to_whole
from sources.models import Capture

FIXTURES = sorted((Path(settings.BASE_DIR) / "fixtures").glob("*.json"))
WHOLE_LENGTHS = {  # Characters of each article as given, its repeated headline and captions included.
    "Two Missiles Delay International Coalition Withdrawal from Iraq": 3282,
    "US Targets Lebanon’s Hezbollah with New Sanctions": 2331,
}
SEED_PAIRS = {  # From the story's relations: R11, R13, R14 are agreements or clarifications, R15 a control.
    "R1": ("A2", "A10a", "contradicts"),
    "R2": ("A12", "A8", "in_tension"),
    "R3": ("A13", "A10a", "in_tension"),
    "R4": ("A11", "A10a", "in_tension"),
    "R5": ("A2", "A10b", "in_tension"),
    "R6": ("A2", "A15", "in_tension"),
    "R7": ("A2", "A4", "in_tension"),
    "R8": ("A4", "A5", "in_tension"),
    "R9": ("A6a", "A7", "in_tension"),
    "R10": ("A14a", "A10a", "in_tension"),
    "R12": ("A5", "A3", "in_tension"),
}
AGREEMENTS = {"R11": ("A1b", "A3"), "R13": ("A8", "A10a"), "R14": ("A9", "A10a"), "R15": ("A5", "A13")}

pytestmark = pytest.mark.django_db


def load():
    call_command("loaddata", *map(str, FIXTURES), verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def rows_by_file():
    """Every row, file by file, in the order in which an empty database received it.

    That is the order of dumpdata, and of each file when it equals its own dump; no row may be left over.
    """
    named = {path.name: [row["model"] for row in json.loads(path.read_text(encoding="utf-8"))] for path in FIXTURES}
    kept = {model: iter(apps.get_model(model).objects.order_by("pk")) for models in named.values() for model in models}
    rows = {name: [next(kept[model]) for model in models] for name, models in named.items()}
    assert [row for remaining in kept.values() for row in remaining] == []
    return rows


def dumps():
    """Each file's rows as `dumpdata --natural-foreign --natural-primary --indent 1` writes them."""
    options = {"indent": 1, "use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    return {name: serializers.serialize("json", rows, **options) for name, rows in rows_by_file().items()}


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """The fixtures, loaded once into the empty test database for all tests here, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def label(statement):
    """The label a statement has in the story's careful reading: its note begins “Seed A2.”"""
    return statement.note.split(".")[0].removeprefix("Seed ")


def seed_rows(model, path="note"):
    """The rows of the seed story among those of one model that has a note, or reaches one."""
    return model.objects.filter(**{f"{path}__startswith": "Seed "})


def test_fixtures_are_numbered_with_sources_before_claims():
    assert [path.name for path in FIXTURES] == [
        "00_people.json",
        "10_seed_sources.json",
        "11_seed_claims.json",
        "20_briefings_sources.json",
        "21_briefings_claims.json",
    ]


def test_fixtures_name_rows_by_natural_keys_alone():
    rows = [row for path in FIXTURES for row in json.loads(path.read_text(encoding="utf-8"))]
    assert [row for row in rows if "pk" in row] == []


def test_fixtures_equal_their_own_dump():
    assert dumps() == {path.name: path.read_text(encoding="utf-8") for path in FIXTURES}


def test_fixtures_load_again_without_a_change():
    before = dumps()
    keys = {name: [row.pk for row in rows] for name, rows in rows_by_file().items()}
    load()
    assert dumps() == before
    assert {name: [row.pk for row in rows] for name, rows in rows_by_file().items()} == keys


def test_fixtures_pass_the_checks_of_their_forms():
    for row in chain.from_iterable(rows_by_file().values()):
        row.clean_fields()
        row.clean()


def test_seed_story_is_whole():
    story = seed_rows(Statement)
    assert story.filter(pk__in=Statement.objects.published()).count() == 26
    assert Counter(label(statement)[0] for statement in story) == {"A": 19, "B": 7}
    speakers = {statement.speaker.slug for statement in story}
    bodies = {statement.on_behalf_of.slug for statement in story if statement.on_behalf_of}
    assert len(speakers) == 12
    assert bodies - speakers == {"government-of-iraq"}
    assert Topic.objects.published().count() == 5
    assert Topic.objects.published().filter(statements__in=story).distinct().count() == 5
    assert len({position.question_id for position in seed_rows(Position, "statement__note")}) == 6
    assert seed_rows(Position, "statement__note").count() == 29
    assert seed_rows(Anchor, "statement__note").filter(part="quote").count() == 10


def test_seed_pairs_are_those_with_a_finding():
    pairs = seed_rows(Contradiction).filter(pk__in=Contradiction.objects.published())
    found = {
        pair.note.split(":")[0].removeprefix("Seed "): (label(pair.first), label(pair.second), pair.finding)
        for pair in pairs
    }
    assert found == SEED_PAIRS


def test_agreements_are_not_pairs():
    kept = {frozenset((label(p.first), label(p.second), p.question.slug)) for p in Contradiction.objects.all()}
    questions = {
        "R11": "why-was-it-put-on-hold",
        "R13": "were-the-talks-about-withdrawal",
        "R14": "were-the-talks-about-withdrawal",
        "R15": "what-the-talks-are-meant-to-produce",
    }
    assert kept & {frozenset((*pair, questions[name])) for name, pair in AGREEMENTS.items()} == set()


def test_seed_agreements_share_a_gist():
    def gist(name, question):
        return Position.objects.get(statement__note__startswith=f"Seed {name}.", question__slug=question).gist

    assert gist("A1b", "why-was-it-put-on-hold") == gist("A3", "why-was-it-put-on-hold") != ""
    assert gist("A8", "were-the-talks-about-withdrawal") == gist("A10a", "were-the-talks-about-withdrawal") != ""


def test_a_paraphrase_has_no_quotation_and_a_quotation_has_one():
    paraphrase = Statement.objects.get(note__startswith="Seed A2.")
    quotation = Statement.objects.get(note__startswith="Seed A10a.")
    assert (paraphrase.mode, paraphrase.anchors.filter(part="quote").count()) == ("indirect", 0)
    assert (quotation.mode, quotation.polarity) == ("direct", "deny")
    assert quotation.anchors.get(part="quote").exact == (
        "At no time did we discuss the withdrawal of American forces from Iraq"
    )


def test_every_passage_stands_where_its_anchor_says():
    for anchor in Anchor.objects.select_related("statement__capture"):
        text = anchor.statement.capture.text
        assert (anchor.tier, text[anchor.start : anchor.end]) == ("exact", anchor.exact)
        assert text[: anchor.start].endswith(anchor.prefix)
        assert text[anchor.end :].startswith(anchor.suffix)
        assert to_whole(anchor.statement.capture.excerpt_map, Span(anchor.start, anchor.end)) is not None


def test_captures_are_excerpts_with_a_map_that_fits():
    for capture in Capture.objects.all():
        assert capture.is_excerpt
        assert check_map(capture.text, capture.excerpt_map) == []


@pytest.mark.parametrize("title", WHOLE_LENGTHS)
def test_clearly_less_than_half_of_each_article_is_kept(title):
    capture = Capture.objects.get(source__title=title)
    assert capture.rights == "short_excerpts"
    assert capture.source.published_from is None
    assert capture.source.url == ""
    assert share_kept(capture.excerpt_map, WHOLE_LENGTHS[title]) < 0.45


def test_dates_of_the_articles_come_from_outside_with_a_note():
    dated = seed_rows(Statement).exclude(precision="unknown")
    assert {label(s): s.said_from.isoformat() for s in dated} == {
        **dict.fromkeys(("A4", "A5", "A9", "A10a", "A10b"), "2024-08-15"),
        **dict.fromkeys(("B1", "B2"), "2025-05-15"),
        "B3": "2025-05-14",
    }
    assert [s for s in dated if s.date_basis != "external" or not s.date_note or not s.date_words] == []


def test_official_sources_have_no_side():
    assert Speaker.objects.get(slug="official-sources").side is None


def test_briefings_join_the_same_topic():
    briefings = Statement.objects.filter(note__startswith="Briefings ")
    assert briefings.count() == 27
    assert Contradiction.objects.filter(note__startswith="Briefings ").count() == 6
    assert Counter(Contradiction.objects.filter(note__startswith="Briefings ").values_list("finding", flat=True)) == {
        "in_tension": 3,
        "apparent_only": 3,
    }
    answers = Position.objects.filter(question__slug="were-the-talks-about-withdrawal")
    assert {label(p.statement) for p in answers} >= {"A10a", "Briefings G5", "Briefings G6"}


def test_the_premier_is_one_speaker_whose_remarks_are_interpreted():
    premier = Speaker.objects.get(name__icontains="sudani")
    assert {"Mohammed Shia’a Al-Sudani", "Mohammed Shyaa al-Sudani"} <= set(
        premier.names.values_list("text", flat=True)
    )
    assert set(premier.statements.values_list("interpreted", flat=True)) == {True}
    assert set(premier.joint_statements.values_list("speaker__slug", flat=True)) == {"joe-biden", "jake-sullivan"}


def test_published_pairs_are_explained():
    assert [str(pair) for pair in Contradiction.objects.all() if pair.explanation.count(".") < 2] == []
