"""The vocabulary under /ns/: every value of every list, with its meaning, in a page and in a document."""

import re

import pytest
from django.db.models import TextChoices
from pyld import jsonld

from claims import choices as of_claims
from claims.vocabulary import TERMS, VOCABULARIES, document, vocabularies
from sources import choices as of_sources
from tests.claims.contexts import load
from tests.markup import one, text, tree

# Words of the desk, which no public record has.
OF_THE_DESK = {"AlertList", "Status", "CorrectionState", "Action", "ReportKind", "ReportState", "DigestEvery"}
OURS = "http://127.0.0.1:8000/ns/#"
SKOS = "http://www.w3.org/2004/02/skos/core#"


def test_every_list_is_in_it_or_of_the_desk():
    every = {
        name
        for module in (of_claims, of_sources)
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, TextChoices) and kind.__module__ == module.__name__
    }
    assert {kind.__name__ for kind in VOCABULARIES} == every - OF_THE_DESK


def test_meanings_are_the_comments_beside_the_values():
    found = {(each.name, value.value): value.meaning for each in vocabularies() for value in each.values}
    assert found["Finding", "in_tension"] == "They pull apart; a reading exists on which both hold."
    assert found["Rights", "private"] == "Only the words of each statement, nothing around them."
    assert [key for key, meaning in found.items() if not meaning.endswith(".")] == []


def test_page_has_a_place_for_every_term(client):
    page = tree(client.get("/ns/"))
    ids = {element.get("id") for element in page.iter()}
    values = {value.anchor for each in vocabularies() for value in each.values}
    assert values | {term.name for term in TERMS} <= ids
    row = one(e for e in page.iter("tr") if e.get("id") == "Contradiction")
    assert "aif:CA-node" in text(row)
    assert "They pull apart" in text(one(e for e in page.iter("div") if e.get("id") == "Finding-in_tension"))


def test_names_of_terms_lead_to_the_page(client):
    flat = jsonld.flatten(document(), options={"documentLoader": load})
    names = {node["@id"] for node in flat if node["@id"].startswith(OURS)}
    html = client.get("/ns/").content.decode()
    assert len(names) > 200
    assert [name for name in names if f'id="{name.removeprefix(OURS)}"' not in html] == []


def test_document_defines_each_value():
    flat = {node["@id"]: node for node in jsonld.flatten(document(), options={"documentLoader": load})}
    node = flat[f"{OURS}Finding-in_tension"]
    assert node[f"{SKOS}inScheme"] == [{"@id": f"{OURS}Finding"}]
    assert node[f"{SKOS}notation"] == [{"@value": "in_tension"}]
    assert flat[f"{OURS}Contradiction"][f"{SKOS}closeMatch"] == [{"@id": "http://www.arg.dundee.ac.uk/aif#CA-node"}]


def test_context_reads_the_plain_values_of_the_api():
    """One value is another name under another property."""
    told = {"@context": "http://127.0.0.1:8000/ns/rashomon.jsonld", "finding": "in_tension", "stance": "value"}
    (node,) = jsonld.expand(told, options={"documentLoader": load})
    assert node == {
        f"{OURS}finding": [{"@id": f"{OURS}Finding-in_tension"}],
        f"{OURS}stance": [{"@id": f"{OURS}Stance-value"}],
    }


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_names_are_written_alike(term):
    assert re.fullmatch(r"[A-Z][A-Za-z]+" if term.is_class else r"[a-z_]+", term.name)
