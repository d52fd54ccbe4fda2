"""Statements as W3C Web Annotations: the rules of the model, and the passage that a program finds by them."""

import pytest
from pyld import jsonld

from claims.annotations import CONTEXT, PROFILE
from sources.selectors import read_selectors, resolve
from tests.claims.contexts import load
from tests.factories import AnchorFactory, CaptureFactory, StatementFactory

pytestmark = pytest.mark.django_db

OA = "http://www.w3.org/ns/oa#"
SITE = "http://127.0.0.1:8000"


def made(client, statement):
    answer = client.get(f"/api/v1/statements/{statement.ref}/annotation")
    assert (answer.status_code, answer["Content-Type"]) == (200, PROFILE)
    return answer.json()


def expanded(document):
    (node,) = jsonld.expand(document, options={"documentLoader": load})
    return node


def check(annotation):
    """The MUSTs of the Web Annotation Data Model, sections 3 and 4, of what we use."""
    assert annotation["type"] == "Annotation"
    assert annotation["id"].startswith("http")
    assert annotation["target"]
    assert annotation["motivation"] == "describing"
    for target in annotation["target"]:
        assert target["type"] == "SpecificResource"
        assert target["source"].startswith(("http://", "https://"))
        selectors = target["selector"] if isinstance(target["selector"], list) else [target["selector"]]
        assert read_selectors(selectors).exact
    for body in annotation["body"]:
        assert body["type"] in {"SpecificResource", "TextualBody"}
        assert ("value" in body) == (body["type"] == "TextualBody")
        assert ("source" in body) == (body["type"] == "SpecificResource")


@pytest.fixture
def statement(db):
    capture = CaptureFactory(
        text="On Friday she said that the talks were halted, at last.",
        source__url="https://example.org/a",
        archive_url="https://archive.example/a",
        rights="short_excerpts",
    )
    return StatementFactory(
        status="published",
        capture=capture,
        content="the talks were halted",
        speaker__name="Ann Lee",
        cue="said",
        cue_class="report",
    )


def test_annotation_says_what_is_claimed_and_where(client, statement):
    annotation = made(client, statement)
    check(annotation)
    assert annotation["@context"] == CONTEXT
    claim, words = annotation["body"]
    assert claim == {
        "type": "SpecificResource",
        "source": f"{SITE}/statements/{statement.ref}/#claim",
        "purpose": "identifying",
    }
    assert (words["value"], words["language"]) == ("Ann Lee: the talks were halted", "en")
    published, kept = annotation["target"]
    assert published["source"] == "https://example.org/a"
    assert published["state"]["cached"] == "https://archive.example/a"
    assert published["selector"]["type"] == "TextQuoteSelector"
    assert kept["source"] == f"{SITE}/sources/{statement.capture.source.ref}/#copy-{statement.capture.ref}"
    node = expanded(annotation)
    assert node["@type"] == [f"{OA}Annotation"]
    assert len(node[f"{OA}hasTarget"]) == len(node[f"{OA}hasBody"]) == 2
    assert node[f"{OA}motivatedBy"] == [{"@id": f"{OA}describing"}]


def test_selectors_find_the_passage(client, statement):
    text = statement.capture.text
    for target in made(client, statement)["target"]:
        match = resolve(text, read_selectors(target["selector"]))
        assert [span.of(text) for span in match.spans] == ["the talks were halted"]


def test_place_of_the_copy_is_on_the_page_of_its_source(client, statement):
    name = made(client, statement)["target"][1]["source"]
    address, _, mark = name.removeprefix(SITE).partition("#")
    assert f'id="{mark}"' in client.get(address).content.decode()


def test_private_copy_gives_no_words_around(client, statement):
    type(statement.capture).objects.filter(pk=statement.capture_id).update(rights="private")
    anchor = statement.anchors.get(part="content")
    assert (anchor.prefix, anchor.suffix) != ("", "")
    annotation = made(client, statement)
    for target in annotation["target"]:
        for selector in target["selector"] if isinstance(target["selector"], list) else [target["selector"]]:
            assert not selector.get("prefix")
            assert not selector.get("suffix")
    whole = client.get(f"/api/v1/statements/{statement.ref}").content.decode()
    assert "On Friday" not in whole + str(annotation)


def test_without_an_address_only_the_copy_is_named(client):
    statement = StatementFactory(status="published", capture__source__url="")
    (target,) = made(client, statement)["target"]
    assert target["source"].startswith(f"{SITE}/sources/")


def test_words_with_an_omission_have_a_target_for_each_piece(client):
    capture = CaptureFactory(text="She said the talks, as it were, ended.", source__url="")
    statement = StatementFactory(status="draft", capture=capture, content="the talks […] ended", anchored=False)
    for order, exact in enumerate(["the talks", "ended"]):
        AnchorFactory(statement=statement, part="content", order=order, exact=exact, tier="elided")
    from claims.annotations import annotation

    found = annotation(type(statement).objects.for_reading().with_words().get(pk=statement.pk))
    assert [target["selector"][0]["exact"] for target in found["target"]] == ["the talks", "ended"]


def test_denial_says_so(client):
    statement = StatementFactory(status="published", cue="denied", cue_class="deny", speaker__name="Ann Lee")
    assert made(client, statement)["body"][1]["value"] == f"Ann Lee (denied): {statement.content}"


def test_collection_of_a_source_has_pages(client, statement):
    capture = statement.capture
    others = [StatementFactory(status="published", capture=capture, content=words) for words in ("talks", "halted")]
    StatementFactory(capture=capture, content="at last")
    address = f"/api/v1/sources/{capture.source.ref}/annotations"
    whole = client.get(address).json()
    assert (whole["type"], whole["total"], whole["label"]) == ("AnnotationCollection", 3, capture.source.title)
    found, following = [], f"{whole['first']}?limit=2"
    while following:
        page = client.get(following.removeprefix(SITE)).json()
        assert (page["type"], page["partOf"], page["id"]) == ("AnnotationPage", whole["id"], following)
        for item in page["items"]:
            check(item)
        found.append([item["id"] for item in page["items"]])
        following = page.get("next")
    assert found == [
        [f"{SITE}/api/v1/statements/{each.ref}/annotation" for each in some]
        for some in ([statement, others[0]], [others[1]])
    ]
    assert expanded(whole)["@type"] == ["http://www.w3.org/ns/activitystreams#OrderedCollection"]
