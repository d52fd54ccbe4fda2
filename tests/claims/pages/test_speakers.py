"""The list of speakers, and one with own words, words for it and its answers."""

import pytest

from claims import voices
from claims.cursors import BROKEN, PAGE_SIZE
from claims.models import Speaker, SpeakerName
from tests.factories import (
    OutletFactory,
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


def on_day(day, **values):
    return public(said_from=day, said_to=day, precision="day", date_basis="in_text", **values)


@pytest.mark.parametrize("turned", [False, True])
def test_reversals_stand_apart_from_before_to_after(reader, turned):
    speaker = SpeakerFactory()
    made = [on_day("2024-01-01", speaker=speaker), on_day("2024-08-15", speaker=speaker)]
    first, second = made[::-1] if turned else made
    pair = published_pair(pattern="reversal", first=first, second=second)
    found = one(by_class(section(detail(reader, speaker), "reversals"), "reversal"))
    assert links(found)[0] == pair.get_absolute_url()
    before, after = one(by_class(found, "before-after")).findall("li")
    assert [text(by_class(each, "reversal-when")[0]) for each in (before, after)] == [
        "Before: 1 January 2024",
        "After: 15 August 2024",
    ]
    assert [links(each)[-1] for each in (before, after)] == [each.get_absolute_url() for each in made]


def test_undated_self_contradiction_has_no_before(reader):
    speaker = SpeakerFactory()
    published_pair(pattern="self_contradiction", first__speaker=speaker, second__speaker=speaker)
    found = section(detail(reader, speaker), "reversals")
    assert texts(by_class(found, "reversal-when")) == ["undated", "undated"]


def test_two_voices_of_one_institution(reader):
    """Of itself, a part and a spokesman: each in a pair with another; one voice alone, and outsiders, are none."""
    body = SpeakerFactory(kind="government")
    public(speaker=body)
    parts = [SpeakerFactory(kind="institution", parent=body) for _ in range(2)]
    ways = [{"speaker": parts[0]}, {"speaker": parts[1]}, {"on_behalf_of": body}]
    made = [
        published_pair(first=public(**one_), second=public(**other))
        for one_, other in ((ways[0], ways[1]), (ways[1], ways[2]))
    ]
    published_pair(first=public(speaker=parts[0]), second=public(speaker=parts[0]))
    published_pair(first=public(speaker=parts[0]))
    published_pair(first=public(speaker=parts[0]), second=public(speaker=parts[1]), status="draft")
    lines = by_class(section(detail(reader, body), "two-voices"), "pair-line")
    assert [links(line)[0] for line in lines] == [pair.get_absolute_url() for pair in made]
    assert section(detail(reader, parts[0]), "two-voices") is None


def test_roles_as_given_with_first_and_last_day_by_outlet(reader):
    speaker, outlet = SpeakerFactory(), OutletFactory(name="The Paper")
    values = {"speaker": speaker, "role_text": "adviser", "capture__source__outlet": outlet}
    on_day("2024-08-15", **values)
    on_day("2024-01-01", **values)
    on_day("2025-05-01", **values | {"role_text": "minister"})
    public(**values | {"capture__source__outlet": OutletFactory(name="The Gazette")})
    public(**values | {"role_text": "canary", "rank": "misattributed", "rank_note": "It was another's."})
    StatementFactory(**values | {"role_text": "canarydraft"})
    assert texts(section(detail(reader, speaker), "roles").iter("li")) == [
        "adviser The Paper, first 1 January 2024, last 15 August 2024",
        "minister The Paper, 1 May 2025",
        "adviser The Gazette, undated",
    ]


def test_words_of_a_spokesperson_say_for_whom(reader):
    body = SpeakerFactory(name="The Department")
    public(on_behalf_of=body, speaker__name="The Spokeswoman")
    assert texts(by_class(section(detail(reader, body), "for"), "speaks-for")) == [
        "The Spokeswoman, speaking for The Department"
    ]


def test_reports_of_one_utterance_stand_once_and_count_once(reader):
    speaker = SpeakerFactory()
    first = public(speaker=speaker)
    public(speaker=speaker, same_words_as=first)
    public(speaker=speaker)
    StatementFactory(speaker=speaker, same_words_as=first)
    found = detail(reader, speaker)
    assert len(by_class(found, "account")) == 2
    assert len(by_class(found, "reported-by")) == 1
    assert text(by_class(found, "reported-by")[0]).startswith("Reported by 2 outlets:")
    assert facts(found)["On record"] == "2 statements"
    assert "2 statements" in text(one(by_class(main(reader.get("/speakers/")), "further")))


def test_answers_stand_in_the_order_of_time(reader):
    speaker, question = SpeakerFactory(), QuestionFactory(text="Were they halted?")
    for day, gist in (("2024-08-15", "later"), ("2024-01-01", "earlier")):
        PositionFactory(statement=on_day(day, speaker=speaker), question=question, gist=gist)
    PositionFactory(statement=public(speaker=speaker), question=question, gist="some time")
    assert facts(section(detail(reader, speaker), "answers"))["Were they halted?"] == (
        "Yes: earlier 1 January 2024 / Yes: later 15 August 2024 / Yes: some time undated"
    )


def test_only_the_newest_statements_are_shown_with_the_way_to_all(reader, monkeypatch):
    monkeypatch.setattr(voices, "SHOWN", 1)
    speaker = SpeakerFactory()
    on_day("2024-01-01", speaker=speaker)
    new = on_day("2024-08-15", speaker=speaker)
    found = detail(reader, speaker)
    assert [links(each)[-1] for each in by_class(found, "account")] == [new.get_absolute_url()]
    assert f"/statements/?speaker={speaker.slug}" in links(found)


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
