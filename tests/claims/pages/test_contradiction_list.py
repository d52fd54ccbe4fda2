import base64

import pytest

from claims.choices import Mechanism, Pattern
from claims.cursors import BROKEN, PAGE_SIZE
from tests.factories import SideFactory, SpeakerFactory, StatementFactory, TopicFactory, published_pair
from tests.markup import by_class, links, main, one, text, texts

pytestmark = pytest.mark.django_db

FINDINGS = {
    "contradicts": {"same_event": "yes", "same_referent": "yes", "explanation": "They cannot both hold."},
    "in_tension": {},
    "apparent_only": {"same_time": "no"},
}


def shown(answer):
    assert answer.status_code == 200
    return [links(line)[0].split("/")[2] for line in by_class(main(answer), "pair-line")]


def ask(reader, **parameters):
    return shown(reader.get("/contradictions/", parameters))


def refs(*pairs):
    return [pair.ref for pair in pairs]


def test_newest_first(reader):
    one_, two = published_pair(), published_pair()
    published_pair(status="draft")
    assert ask(reader) == ask(reader, sort="newest") == refs(two, one_)
    assert ask(reader, sort="oldest") == refs(one_, two)


def test_topic(reader):
    fits, other = published_pair(), published_pair()
    topics = [pair.question.topic.slug for pair in (fits, other)]
    assert ask(reader, topic=topics[0]) == refs(fits)
    assert ask(reader, topic=topics) == refs(other, fits)


@pytest.mark.parametrize("account", ["first", "second"])
def test_speaker(reader, account):
    speaker = SpeakerFactory()
    fits = published_pair(**{f"{account}__speaker": speaker})
    joint = published_pair(**{f"{account}__further_speakers": [speaker]})
    published_pair()
    assert ask(reader, speaker=speaker.slug) == refs(joint, fits)


def test_speaker_on_both_sides_is_one_row(reader):
    speaker = SpeakerFactory()
    fits = published_pair(first__speaker=speaker, second__speaker=speaker)
    assert ask(reader, speaker=[speaker.slug, speaker.slug]) == refs(fits)


@pytest.mark.parametrize("account", ["first", "second"])
def test_side(reader, account):
    side, other = SideFactory.create_batch(2)
    StatementFactory(status="published", speaker__side=other)
    fits = published_pair(**{f"{account}__speaker__side": side})
    joint = published_pair(**{f"{account}__further_speakers": [SpeakerFactory(side=side)]})
    published_pair()
    assert ask(reader, side=side.slug) == refs(joint, fits)
    assert ask(reader, side=other.slug) == []


@pytest.mark.parametrize("finding", FINDINGS)
def test_finding(reader, finding):
    made = {each: published_pair(finding=each, **values) for each, values in FINDINGS.items()}
    assert ask(reader, finding=finding) == refs(made[finding])
    assert ask(reader, finding=["contradicts", "apparent_only"]) == refs(made["apparent_only"], made["contradicts"])


@pytest.mark.parametrize("pattern", [p for p in Pattern.values if p not in {"reversal", "self_contradiction"}])
def test_pattern(reader, pattern):
    fits = published_pair(pattern=pattern)
    published_pair(pattern="framing" if pattern != "framing" else "denial")
    assert ask(reader, pattern=pattern) == refs(fits)


def test_self_contradiction(reader):
    speaker = SpeakerFactory()
    fits = published_pair(pattern="self_contradiction", first__speaker=speaker, second__speaker=speaker)
    published_pair()
    assert ask(reader, pattern="self_contradiction") == refs(fits)


@pytest.mark.parametrize("mechanism", Mechanism.values)
def test_mechanism(reader, mechanism):
    another = "antonym" if mechanism != "antonym" else "negation"
    fits, both = published_pair(mechanisms=[mechanism]), published_pair(mechanisms=[another, mechanism])
    published_pair(mechanisms=[])
    assert ask(reader, mechanism=mechanism) == refs(both, fits)
    assert ask(reader, mechanism=[mechanism, another]) == refs(both, fits)


def test_parameters_together_narrow(reader):
    fits = published_pair(mechanisms=["negation"])
    published_pair(question=fits.question)
    parameters = {"topic": fits.question.topic.slug, "speaker": fits.first.speaker.slug, "mechanism": "negation"}
    assert ask(reader, **parameters) == refs(fits)
    assert ask(reader, **parameters, pattern="framing") == []


def test_nothing_matches(reader):
    answer = reader.get("/contradictions/", {"finding": "contradicts"})
    assert texts(by_class(main(answer), "empty"))[-1:] == ["No comparison matches. Show all"]


NONSENSE = {
    "topic": "“no-such” is not on record here; choose from the list.",
    "speaker": "“no-such” is not on record here; choose from the list.",
    "side": "“no-such” is not on record here; choose from the list.",
    "finding": "“no-such” is not one of the values; choose from the list.",
    "pattern": "“no-such” is not one of the values; choose from the list.",
    "mechanism": "“no-such” is not one of the values; choose from the list.",
    "sort": "“no-such” is no order; choose one of these: newest, oldest.",
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_400_with_its_message_and_no_list(reader, name):
    pair = published_pair()
    answer = reader.get("/contradictions/", {name: "no-such"})
    assert answer.status_code == 400
    page = main(answer)
    assert texts(by_class(page, "errorlist")) == [NONSENSE[name]]
    assert by_class(page, "pair-line") == []
    assert pair.ref not in answer.content.decode()


@pytest.mark.parametrize("name", ["topic", "speaker", "side", "finding", "mechanism"])
def test_nul_is_400(reader, name):
    published_pair()
    answer = reader.get("/contradictions/", {name: "\0"})
    assert answer.status_code == 400
    assert by_class(main(answer), "pair-line") == []


def test_unknown_parameter_is_ignored(reader):
    pair = published_pair()
    assert ask(reader, utm_source="news", status="draft", q="nothing") == refs(pair)


def test_draft_and_unknown_choices_answer_alike(reader):
    draft = TopicFactory(status="draft").slug
    answer, unknown = (reader.get("/contradictions/", {"topic": value}) for value in (draft, "z" * len(draft)))
    assert answer.status_code == 400
    assert answer.content.decode() == unknown.content.decode().replace("z" * len(draft), draft)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_pages_walk_through_every_row_once(reader, sort):
    made = [published_pair() for _ in range(PAGE_SIZE + 2)]
    address, found = f"/contradictions/?sort={sort}&pattern=denial", []
    while address:
        answer = reader.get(address)
        found += shown(answer)
        forward = [a.get("href") for a in main(answer).iter("a") if a.get("rel") == "next"]
        address = "/contradictions/" + forward[0] if forward else ""
    assert found == refs(*(made if sort == "oldest" else made[::-1]))


def encoded(plain):
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["garbage", "\0", "A" * 50_000, encoded("[1]"), encoded('["2024-08-15",3]')],
    ids=["garbage", "NUL", "huge", "another's base64", "of the statements"],
)
def test_broken_cursor_is_400(reader, cursor):
    published_pair()
    answer = reader.get("/contradictions/", {"cursor": cursor})
    assert answer.status_code == 400
    assert text(one(by_class(main(answer), "problem"))) == f"{BROKEN} First page"
    assert by_class(main(answer), "pair-line") == []
