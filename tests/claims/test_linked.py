"""Records as JSON-LD: what a program reads that knows the standard alone (pyld), and what it must never read."""

import json

import pytest
from pyld import jsonld

from claims.linked import for_html, graph_of
from claims.models import Contradiction, Speaker, Statement, Topic
from claims.views.statements import for_page
from tests.claims.contexts import SCHEMA_ORG, load
from tests.factories import (
    CaptureFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    UnnamedSpeakerFactory,
    published_pair,
)
from tests.markup import tree

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
OURS = f"{SITE}/ns/#"
SCHEMA = "http://schema.org/"


def nodes(document):
    """Type without its namespace → the nodes of that type, everything by its whole name; every key is a known term."""
    terms = SCHEMA_ORG["@context"].keys()
    assert [k for k in keys(document["@graph"]) if not k.startswith(("@", "rashomon:")) and k not in terms] == []
    flat = jsonld.flatten(document, options={"documentLoader": load, "processingMode": "json-ld-1.1"})
    found = {}
    for node in flat:
        for kind in node.get("@type", []):
            found.setdefault(kind.removeprefix(SCHEMA).removeprefix(OURS), []).append(node)
    return found


def keys(data):
    if isinstance(data, list):
        return [key for each in data for key in keys(each)]
    return [*data, *keys(list(data.values()))] if isinstance(data, dict) else []


def of(node, name, namespace=SCHEMA):
    """The values of a property: literals as they are, nodes by their names."""
    return [value.get("@id", value.get("@value")) for value in node.get(namespace + name, [])]


def read(statement):
    return nodes(graph_of(for_page(Statement.objects.published()).get(pk=statement.pk)))


def test_quotation_and_claim_name_the_speaker_and_the_source():
    body = SpeakerFactory(name="The ministry", kind="institution")
    statement = StatementFactory(
        status="published",
        content="we did not discuss it",
        quotes=["we did not discuss it"],
        mode="direct",
        speaker__name="Ann Lee",
        speaker__slug="ann-lee",
        role_text="spokeswoman",
        on_behalf_of=body,
        capture__source__url="https://example.org/a",
        capture__source__title="Talks go on",
    )
    found = read(statement)
    (claim,), (quotation,), (person,), (article,) = (
        found[kind] for kind in ("Claim", "Quotation", "Person", "NewsArticle")
    )
    page = SITE + statement.get_absolute_url()
    source = f"{SITE}{statement.capture.source.get_absolute_url()}#source"
    assert (claim["@id"], of(claim, "url"), of(claim, "text")) == (f"{page}#claim", [page], ["we did not discuss it"])
    assert of(claim, "author") == of(quotation, "spokenByCharacter") == [f"{SITE}/speakers/ann-lee/#speaker"]
    assert of(claim, "appearance") == of(quotation, "isPartOf") == [source] == [article["@id"]]
    assert (of(quotation, "text"), of(article, "headline")) == (["we did not discuss it"], ["Talks go on"])
    assert of(article, "url") == ["https://example.org/a"]
    assert of(person, "name") == ["Ann Lee"]
    (role,) = found["OrganizationRole"]
    assert of(person, "memberOf") == [role["@id"]]
    assert of(role, "roleName") == ["spokeswoman"]
    assert of(role, "memberOf") == [f"{SITE}{body.get_absolute_url()}#speaker"]
    assert of(claim, "mode", OURS) == [f"{OURS}Mode-direct"]
    assert "ClaimReview" not in found


def test_paraphrase_is_no_quotation():
    assert "Quotation" not in read(StatementFactory(status="published", mode="indirect"))


def test_denial_does_not_read_as_an_assertion():
    statement = StatementFactory(
        status="published", content="the talks were halted", cue="denied", cue_class="deny", speaker__name="Ann Lee"
    )
    (claim,) = read(statement)["Claim"]
    assert of(claim, "text") == ["Ann Lee (denied): the talks were halted"]
    assert of(claim, "content", OURS) == ["the talks were halted"]
    assert of(claim, "cue_class", OURS) == [f"{OURS}CueClass-deny"]


def test_unnamed_speaker_has_no_identity():
    capture = CaptureFactory(text="Official sources said the talks were halted.")
    unnamed = UnnamedSpeakerFactory(name="Official sources", only_in=capture.source)
    statement = StatementFactory(
        status="published", capture=capture, speaker=unnamed, content="the talks were halted", role_text="sources"
    )
    found = read(statement)
    (claim,), (speaker,) = found["Claim"], found["UnnamedSpeaker"]
    assert speaker["@id"].startswith("_:")
    assert of(speaker, "name") == ["Official sources"]
    assert (of(claim, "author"), of(claim, "creditText")) == ([], ["Official sources"])
    assert "Person" not in found
    assert unnamed.slug not in json.dumps(graph_of(statement))
    assert nodes(graph_of(unnamed))["UnnamedSpeaker"][0]["@id"].startswith("_:")


def test_misattributed_words_have_no_author():
    found = read(
        StatementFactory(
            status="published", rank="misattributed", rank_note="Another said it.", mode="direct", quotes=["we said"]
        )
    )
    assert of(found["Claim"][0], "author") == of(found["Quotation"][0], "spokenByCharacter") == []
    assert of(found["Claim"][0], "rank", OURS) == [f"{OURS}Rank-misattributed"]


@pytest.mark.parametrize(
    ("values", "written", "created"),
    [
        ({"said_from": "2024-08-15", "said_to": "2024-08-15", "precision": "day"}, ["2024-08-15"], ["2024-08-15"]),
        ({"said_from": "2024-08-01", "said_to": "2024-08-31", "precision": "month"}, ["2024-08"], ["2024-08"]),
        ({"said_from": "2024-08-15", "said_to": None, "precision": "range"}, ["2024-08-15/.."], []),
        (
            {"said_from": "2024-08-15", "said_to": "2024-08-15", "precision": "day", "approximate": True},
            ["2024-08-15~"],
            [],
        ),
    ],
)
def test_only_a_date_that_others_can_read_is_given_as_theirs(values, written, created):
    statement = StatementFactory(status="published", date_basis="in_text", undated=False, **values)
    statement.refresh_from_db()
    (claim,) = read(statement)["Claim"]
    assert (of(claim, "said", OURS), of(claim, "dateCreated")) == (written, created)


def test_pair_is_in_our_own_words():
    pair = published_pair(explanation="They part.", mechanisms=["negation"])
    found = nodes(graph_of(Contradiction.objects.published().for_reading().get(pk=pair.pk)))
    (node,) = found["Contradiction"]
    claims = [f"{SITE}{side.get_absolute_url()}#claim" for side in (pair.first, pair.second)]
    assert [of(node, side, OURS) for side in ("first", "second")] == [[claims[0]], [claims[1]]]
    assert {claim["@id"] for claim in found["Claim"]} == set(claims)
    assert of(node, "finding", OURS) == [f"{OURS}Finding-{pair.finding}"]
    assert of(node, "mechanisms", OURS) == [f"{OURS}Mechanism-negation"]
    assert of(node, "explanation", OURS) == ["They part."]
    assert of(node, "same_event", OURS) == [f"{OURS}ScopeAnswer-{pair.same_event}"]


def test_speaker_and_topic():
    pair = published_pair(first__speaker__wikidata="Q42", first__speaker__description="A minister.")
    speaker, topic = pair.first.speaker, pair.question.topic
    SpeakerNameFactory(speaker=speaker, text="The minister")
    (person,) = nodes(graph_of(Speaker.objects.get(pk=speaker.pk)))["Person"]
    assert of(person, "sameAs") == ["https://www.wikidata.org/entity/Q42"]
    assert (of(person, "alternateName"), of(person, "description")) == (["The minister"], ["A minister."])
    (story,) = nodes(graph_of(Topic.objects.get(pk=topic.pk)))["Topic"]
    assert of(story, "name") == [topic.title]


def test_every_term_of_ours_is_in_the_vocabulary(client):
    pair = published_pair(explanation="They part.", first_words="talks", mechanisms=["negation"], first__quotes=["we"])
    terms = {node["@id"] for node in client.get("/ns/rashomon.jsonld").json()["@graph"]}
    for address in (pair, pair.first, pair.first.speaker, pair.question.topic):
        written = client.get(f"{address.get_absolute_url()[:-1]}.jsonld").content.decode()
        used = {f"rashomon:{part.split('"')[0]}" for part in written.split('"rashomon:')[1:]}
        assert used - terms == {"rashomon:"} & used


@pytest.mark.parametrize("kind", ["statement", "contradiction", "speaker", "topic"])
def test_page_has_the_same_data_as_the_document(client, kind):
    pair = published_pair(first__quotes=["we said"])
    record = {"statement": pair.first, "speaker": pair.first.speaker, "topic": pair.question.topic}.get(kind, pair)
    address = f"{record.get_absolute_url()[:-1]}.jsonld"
    for prefix in ("", "/ar"):
        page = tree(client.get(prefix + record.get_absolute_url()))
        (link,) = [e for e in page.iter("link") if e.get("type") == "application/ld+json"]
        (block,) = [e for e in page.iter("script") if e.get("type") == "application/ld+json"]
        answer = client.get(address)
        assert (link.get("rel"), link.get("href")) == ("alternate", address)
        assert answer["Content-Type"] == "application/ld+json"
        assert json.loads(block.text) == answer.json()


def test_words_cannot_end_the_block(client):
    words = "</script><script>alert(1)</script><!-- & 'so' on"
    statement = StatementFactory(status="published", content=words)
    page = client.get(statement.get_absolute_url()).content.decode()
    block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not set("<>&") & set(block)
    assert json.loads(block)["@graph"][0]["text"] == words
    assert "<script>alert" not in page
    assert for_html({"a": "<&>"}) == '{"a": "\\u003C\\u0026\\u003E"}'


def test_page_of_the_past_has_no_data(client):
    """The names in it would be those of today's record."""
    statement = StatementFactory(status="published")
    page = client.get(statement.get_absolute_url(), {"as_of": "2999-01-01"})
    assert page.status_code == 400
    assert b"ld+json" not in page.content
