"""The list of speakers, and one with own words, words for it and its answers."""

import pytest

from claims.cursors import BROKEN, PAGE_SIZE
from claims.models import Speaker, SpeakerName
from tests.factories import (
    PositionFactory,
    QuestionFactory,
    SideFactory,
    SpeakerFactory,
    StatementFactory,
    UnnamedSpeakerFactory,
    published_pair,
)
from tests.markup import by_class, facts, links, main, one, text, texts

pytestmark = pytest.mark.django_db


def public(**values):
    return StatementFactory(status="published", **values)


def shown(answer):
    assert answer.status_code == 200
    return [links(li)[0].split("/")[2] for found in by_class(main(answer), "further") for li in found]


def ask(reader, **parameters):
    return shown(reader.get("/speakers/", parameters))


def detail(reader, speaker):
    answer = reader.get(f"/speakers/{speaker.slug}/")
    assert answer.status_code == 200
    return main(answer)


def section(page, name):
    return next((part for part in page.iter("section") if part.get("aria-labelledby") == name), None)


def test_list_is_in_the_order_of_names(reader):
    names = ["Zaid", "Allawi", "Miller"]
    made = {name: public(speaker__name=name).speaker.slug for name in names}
    StatementFactory(speaker__name="Draft")
    SpeakerFactory(name="Silent")
    assert ask(reader) == [made[name] for name in sorted(names)]


def test_line_says_side_kind_parent_and_count(reader):
    state = SpeakerFactory(name="The State")
    speaker = SpeakerFactory(name="The Ministry", kind="institution", parent=state, side=SideFactory(name="Iraq"))
    public(speaker=speaker)
    public(speaker=speaker)
    StatementFactory(speaker=speaker)
    answer = main(reader.get("/speakers/"))
    assert texts(one(by_class(answer, "further"))) == ["The Ministry Iraq · Institution · 2 statements"]
    public(speaker=state).further_speakers.add(speaker)
    answer = main(reader.get("/speakers/"))
    assert texts(one(by_class(answer, "further"))) == [
        "The Ministry Iraq · Institution of The State · 3 statements",
        "The State Person · 1 statement",
    ]


def test_filters(reader):
    iraq = SideFactory()
    ministry = public(speaker__name="Ministry", speaker__kind="institution", speaker__side=iraq).speaker
    miller = public(speaker__name="Miller").speaker
    SpeakerName.objects.create(speaker=miller, text="ميلر", language="ar")
    assert ask(reader, side=iraq.slug) == [ministry.slug]
    assert ask(reader, kind="person") == [miller.slug]
    assert ask(reader, kind=["person", "institution"]) == [miller.slug, ministry.slug]
    assert ask(reader, q="minis") == [ministry.slug]
    assert ask(reader, q="ميلر") == [miller.slug]
    assert ask(reader, q="ميلر", kind="institution") == []
    assert ask(reader, utm_source="news") == [miller.slug, ministry.slug]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("side", "no-such", "“no-such” is not on record here; choose from the list."),
        ("kind", "robot", "“robot” is not one of the values; choose from the list."),
        ("q", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        ("q", "\0", "Null characters are not allowed."),
    ],
    ids=["side", "kind", "long", "NUL"],
)
def test_nonsense_is_400_with_its_message_and_no_list(reader, name, value, message):
    public()
    answer = reader.get("/speakers/", {name: value})
    assert answer.status_code == 400
    assert texts(by_class(main(answer), "errorlist")) == [message]
    assert by_class(main(answer), "further") == []


def test_side_of_nobody_on_record_is_unknown(reader):
    side = StatementFactory(speaker__side=SideFactory(name="Canaryside")).speaker.side
    public()
    answer = reader.get("/speakers/", {"side": side.slug})
    assert answer.status_code == 400
    assert "Canaryside" not in answer.content.decode()


def test_pages_walk_through_every_speaker_once(reader):
    made = [public(speaker__name=f"Name {n % 3}").speaker for n in range(PAGE_SIZE + 3)]
    address, found = "/speakers/", []
    while address:
        answer = reader.get(address)
        found += shown(answer)
        forward = [a.get("href") for a in main(answer).iter("a") if a.get("rel") == "next"]
        address = "/speakers/" + forward[0] if forward else ""
    assert found == [s.slug for s in sorted(made, key=lambda s: (s.name, s.pk))]


@pytest.mark.parametrize("cursor", ["garbage", "\0", "A" * 5000])
def test_broken_cursor_is_400(reader, cursor):
    public()
    answer = reader.get("/speakers/", {"cursor": cursor})
    assert answer.status_code == 400
    assert text(one(by_class(main(answer), "problem"))) == f"{BROKEN} First page"


# One speaker


def test_own_words_joint_words_and_words_on_its_behalf(reader):
    body = SpeakerFactory(name="The Department", kind="institution")
    own, joint = public(speaker=body, content="own words"), public(further_speakers=[body], content="joint words")
    spokesman = public(on_behalf_of=body, content="words for it")
    relayed = public(relays=body, relay_certainty="explicit", content="words passed on")
    StatementFactory(speaker=body, content="a canarydraft")
    found = detail(reader, body)
    assert {
        name: [links(a)[-1] for a in by_class(section(found, name), "account")] for name in ("own", "for", "relayed")
    } == {
        "own": [own.get_absolute_url(), joint.get_absolute_url()],
        "for": [spokesman.get_absolute_url()],
        "relayed": [relayed.get_absolute_url()],
    }
    assert [text(h) for h in found.iter("h2")] == [
        "Statements",
        "Said on its behalf",
        "Passed on by others",
        "Cite and share",
    ]
    assert "canary" not in text(found)


def test_statement_on_its_own_behalf_stands_once(reader):
    body = SpeakerFactory()
    own = public(speaker=body, on_behalf_of=body)
    found = detail(reader, body)
    assert [links(a)[-1] for a in by_class(found, "account")] == [own.get_absolute_url()]


def test_answers_by_question(reader):
    speaker = SpeakerFactory()
    question = QuestionFactory(text="Were the talks halted?")
    PositionFactory(statement=public(speaker=speaker), question=question, stance="denies", gist="they go on")
    PositionFactory(statement=public(further_speakers=[speaker]), question=question, stance="value", value="soon")
    PositionFactory(statement=public(speaker=speaker), question__topic__status="draft", question__text="Canary?")
    PositionFactory(statement=StatementFactory(speaker=speaker), question=question, gist="canarygist")
    assert facts(section(detail(reader, speaker), "answers")) == {
        "Were the talks halted?": "No: they go on undated / Says: soon undated"
    }


@pytest.mark.parametrize("account", ["first", "second"])
def test_pairs_of_a_speaker(reader, account):
    speaker = SpeakerFactory()
    alone = published_pair(**{f"{account}__speaker": speaker})
    joint = published_pair(**{f"{account}__further_speakers": [speaker]})
    published_pair()
    published_pair(status="draft", **{f"{account}__speaker": speaker})
    lines = by_class(section(detail(reader, speaker), "pairs"), "pair-line")
    assert [links(line)[0] for line in lines] == [alone.get_absolute_url(), joint.get_absolute_url()]


def test_reversals_stand_apart(reader):
    speaker = SpeakerFactory()
    days = [
        {"said_from": day, "said_to": day, "precision": "day", "date_basis": "in_text", "speaker": speaker}
        for day in ("2024-01-01", "2024-08-15")
    ]
    pair = published_pair(pattern="reversal", first=public(**days[0]), second=public(**days[1]))
    found = detail(reader, speaker)
    assert [links(line)[0] for line in by_class(section(found, "reversals"), "pair-line")] == [pair.get_absolute_url()]


def test_other_names_with_their_script(reader):
    speaker = public(speaker__name="Mohammed Shia al-Sudani").speaker
    SpeakerName.objects.create(speaker=speaker, text="محمد شياع السوداني", language="ar", kind="official")
    found = detail(reader, speaker)
    assert facts(found)["Also"] == "محمد شياع السوداني (official)"
    arabic = one(b for b in found.iter("bdi") if b.get("lang") == "ar")
    assert arabic.get("dir") == "rtl"


def test_unnamed_speaker_is_said_to_belong_to_one_source(reader):
    speaker = UnnamedSpeakerFactory()
    public(speaker=speaker, capture__source=speaker.only_in)
    assert facts(detail(reader, speaker))["Unnamed"].endswith("We keep no identity.")


def test_speaker_of_drafts_only_and_unknown_answer_alike(reader):
    hidden = StatementFactory(speaker__name="Canaryspeaker").speaker
    silent = SpeakerFactory()
    unknown = reader.get("/speakers/nobody-at-all/")
    for speaker in (hidden, silent):
        answer = reader.get(speaker.get_absolute_url())
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert Speaker.objects.published().count() == 0
