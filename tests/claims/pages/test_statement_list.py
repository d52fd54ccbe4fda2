"""The searchable list: each parameter lets the right rows in and keeps the wrong ones out."""

import base64
from datetime import date

import pytest

from claims import cursors, facets, filtering
from claims.choices import CueClass, Mode, Sourcing, Stance
from claims.cursors import BROKEN, PAGE_SIZE
from claims.models import SpeakerName
from tests.factories import (
    OutletFactory,
    OutletSpeakerFactory,
    PositionFactory,
    QuestionFactory,
    SideFactory,
    SpeakerFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
    published_pair,
)
from tests.markup import by_class, links, main, one, text, texts

pytestmark = pytest.mark.django_db


def said(earliest, latest=None, precision="day"):
    """The columns of a date; a day where only one is given."""
    first = date.fromisoformat(earliest) if earliest else None
    last = date.fromisoformat(latest) if latest else (first if precision == "day" else None)
    return {"said_from": first, "said_to": last, "precision": precision, "date_basis": "publication_date"}


def public(**values):
    return StatementFactory(status="published", **values)


def shown(answer):
    """The refs of the list in order; None where there is no list at all."""
    assert answer.status_code == 200
    lists = by_class(main(answer), "statements")
    return [links(li)[-1].split("/")[2] for li in one(lists)] if lists else []


def ask(reader, **parameters):
    return shown(reader.get("/statements/", parameters))


def refs(*statements):
    return [statement.ref for statement in statements]


def test_newest_first_and_undated_last(reader):
    old, new, none = public(**said("2024-01-07")), public(**said("2024-08-15")), public()
    again = public(**said("2024-08-15"))
    assert ask(reader) == ask(reader, sort="newest") == ask(reader, sort="") == refs(again, new, old, none)
    assert ask(reader, sort="oldest") == refs(old, new, again, none)


def test_line_says_who_when_where_how(reader):
    statement = public(quotes=["we never said so"], **said("2024-08-15"))
    line = one(one(by_class(main(reader.get("/statements/")), "statements")))
    assert text(one(by_class(line, "list-who"))) == (
        f"{statement.speaker.name} 15 August 2024 · {statement.capture.source.outlet.name}"
    )
    assert text(one(by_class(line, "words"))) == statement.content
    assert texts(by_class(line, "tally"))[1] == (
        "Paraphrase with quoted words · ✓ Outlet’s wording verified, character for character · Full record"
    )


# Search


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("withdrawal", True),
        ("withdraw", True),
        ("troops withdrawal", True),
        ('"withdrawal of troops"', True),
        ('"troops of withdrawal"', False),
        ("withdrawal -troops", False),
        ("sanctions", False),
        ("sanctions or withdrawal", True),
        ("Rashad", True),
        ("rashad al", True),
        ("Raschad", True),
        ("رشاد", True),
        ("RÁSHAD", True),
        ("رَشَاد", True),
        ("رشاد العامرى", True),
        ("of the withdrawal", True),
        ("the sanctions", False),
        ('"of the withdrawal of"', True),
        ("“withdrawal of troops”", True),
        ('"the withdrawal of a"', False),
        ('spoke -"withdrawal of troops"', False),
        ('spoke -"troops of withdrawal"', True),
    ],
)
def test_q(reader, query, found):
    speaker = SpeakerFactory(name="Rashad Al-Amiri")
    SpeakerName.objects.create(speaker=speaker, text="Raschad Alamiri", language="de")
    SpeakerName.objects.create(speaker=speaker, text="رشاد العامري", language="ar")
    statement = public(content="They spoke of the withdrawal of troops", speaker=speaker)
    public(content="The ministry answered nothing")
    assert ask(reader, q=query) == refs(statement) * found


@pytest.mark.parametrize(
    ("content", "query"),
    [
        ("قال إن المحادثات مع الأمريكيين مستمرة", "محادثات"),
        ("قال إن المحادثات مع الأمريكيين مستمرة", "المحادثة الامريكيين"),
        ("نفى المسؤول أنه يُطالِب بالانسحاب", "المسوول يطالب"),
        ("La délégation évoqua un “retrait”", "delegation EVOQUA"),
        ("Iraq’s forces stay", "Iraq's"),
        ("Кіраўнік сказаў «не»", "«не»"),
    ],
)
def test_q_folds_what_is_only_written_otherwise(reader, content, query):
    statement = public(content=content)
    public(content="Nothing of the kind")
    assert ask(reader, q=query) == refs(statement)


def test_q_finds_the_words_of_a_translation(reader):
    statement = public(content="قال إن المحادثات مستمرة", language="ar")
    TranslationFactory(statement=statement, language="en", text="He said the talks go on")
    assert ask(reader, q="talk") == refs(statement)


def test_found_words_are_marked_in_whatever_form_they_stand(reader):
    public(content="Troops withdrew; a withdrawal of all troops follows, withdrawing no weapons")
    page = main(reader.get("/statements/", {"q": "troop withdrawal -bases"}))
    assert texts(page.iter("mark")) == ["Troops", "withdrawal", "troops", "withdrawing"]


def test_best_match_first_and_on_to_the_next_page(reader):
    weak = [public(content=f"a note that names talks and {number} other things") for number in range(PAGE_SIZE)]
    strong = public(content="talks, talks and talks", **said("2001-01-01"))
    answer = reader.get("/statements/", {"q": "talks", "sort": "relevance"})
    first = shown(answer)
    assert first[0] == strong.ref
    (following,) = [link for link in links(main(answer)) if "cursor=" in link]
    assert sorted(first[1:] + shown(reader.get(f"/statements/{following}"))) == sorted(refs(*weak))


@pytest.mark.parametrize("address", ["/statements/", "/speakers/"])
def test_a_misspelt_name_is_asked_back(reader, address):
    speaker = public(speaker__name="Hussein Allawi").speaker
    SpeakerName.objects.create(speaker=speaker, text="حسين علاوي", language="ar")
    public(speaker__name="Matthew Miller")
    draft = StatementFactory(speaker__name="Hussain Alawi", status="draft")
    for query in ("Alawi", "Husein Alavi", "حسين علاري"):
        asked_back = one(by_class(main(reader.get(address, {"q": query})), "meant"))
        assert text(asked_back) == "Did you mean Hussein Allawi?"
        assert links(asked_back) == ["?q=Hussein+Allawi"]
    assert draft.speaker.name not in text(main(reader.get(address, {"q": "Alawi"})))
    assert by_class(main(reader.get(address, {"q": "zzzz"})), "meant") == []


def test_best_match_without_words_is_the_newest(reader):
    old, new = public(**said("2024-01-07")), public(**said("2024-08-15"))
    assert ask(reader, sort="relevance") == refs(new, old)


def test_q_finds_whoever_joins_in(reader):
    joint = public(further_speakers=[SpeakerFactory(name="Mohammed Shia al-Sudani")])
    public()
    assert ask(reader, q="Sudani") == refs(joint)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Allawi mission", True),
        ("mission Allawi", True),
        ("Hussein Allawi mission", True),
        ("علاوي mission", True),
        ("Allawi withdrawal", False),
        ("Miller mission", False),
        ("Allawi -mission", False),
        ('"Allawi mission"', False),
        ("Allawi Allawi Allawi Allawi Allawi mission", False),
        ("Allawi on the mission", True),
        ("al-Allawi mission", False),
        ("law mission", False),
        ("us mission", False),
        ("عَلاوي mission", True),
        ("the by", False),
    ],
)
def test_q_takes_words_of_the_speaker_and_of_what_is_said(reader, query, found):
    """Each word is said, or is part of a name of who says it; at most five words are looked for one by one."""
    statement = public(content="the end of the mission", speaker__name="Hussein Allawi")
    SpeakerName.objects.create(speaker=statement.speaker, text="حسين علاوي", language="ar")
    public(content="the withdrawal", speaker__name="Matthew Miller")
    StatementFactory(status="draft", content="the mission again", speaker=statement.speaker)
    assert ask(reader, q=query) == refs(statement) * found


def test_number_of_results_is_that_of_all_pages(reader, monkeypatch):
    monkeypatch.setattr(cursors, "PAGE_SIZE", 2)
    topic = TopicFactory()
    for _ in range(3):
        public(topics=[topic])
    public()
    StatementFactory(status="draft", topics=[topic])
    assert text(one(by_class(main(reader.get("/statements/")), "total"))) == "4 results"
    assert text(one(by_class(main(reader.get(f"/statements/?topic={topic.slug}")), "total"))) == "3 results"
    assert by_class(main(reader.get("/statements/?q=nowhere")), "total") == []
    monkeypatch.setattr(facets, "MOST_COUNTED", 2)
    monkeypatch.setattr(filtering, "MOST_COUNTED", 2)
    assert text(one(by_class(main(reader.get("/statements/")), "total"))) == "2 results or more"


# One parameter at a time: a row that fits, one that does not, and the value.


def test_topic(reader):
    topic, other, draft = TopicFactory(), TopicFactory(), TopicFactory(status="draft")
    inside = public(topics=[topic, draft])
    elsewhere = public(topics=[other])
    public()
    assert ask(reader, topic=topic.slug) == refs(inside)
    assert ask(reader, topic=[topic.slug, other.slug]) == refs(elsewhere, inside)


def test_topic_gives_a_row_once(reader):
    topics = TopicFactory.create_batch(2)
    inside = public(topics=topics)
    assert ask(reader, topic=[t.slug for t in topics]) == refs(inside)


def test_question(reader):
    question, other = QuestionFactory.create_batch(2)
    fits, another = (PositionFactory(statement=public(), question=q).statement for q in (question, other))
    public(topics=[question.topic])
    assert ask(reader, question=question.slug) == refs(fits)
    assert ask(reader, question=[question.slug, other.slug]) == refs(another, fits)


@pytest.mark.parametrize("stance", Stance.values)
def test_stance(reader, stance):
    values = {"value": "halted"} if stance == "value" else {}
    fits = PositionFactory(statement=public(), stance=stance, **values).statement
    PositionFactory(statement=public(), stance="denies" if stance == "affirms" else "affirms")
    public()
    assert ask(reader, stance=stance) == refs(fits)


def test_stance_on_a_draft_topic_is_not_told(reader):
    statement = PositionFactory(statement=public(), stance="denies", question__topic__status="draft").statement
    assert ask(reader, stance="denies") == []
    assert ask(reader) == refs(statement)


def test_question_and_stance_mean_one_position(reader):
    """Who denies this, not: who speaks to this and denies something."""
    question, other = QuestionFactory.create_batch(2)
    denies, affirms = public(), public()
    PositionFactory(statement=denies, question=question, stance="denies")
    PositionFactory(statement=affirms, question=question, stance="affirms")
    PositionFactory(statement=affirms, question=other, stance="denies")
    assert ask(reader, question=question.slug, stance="denies") == refs(denies)
    assert ask(reader, question=question.slug, stance=["denies", "affirms"]) == refs(affirms, denies)


def test_side(reader):
    iraq, us = SideFactory.create_batch(2)
    fits, other = public(speaker__side=iraq), public(speaker__side=us)
    public()
    assert ask(reader, side=iraq.slug) == refs(fits)
    assert ask(reader, side=[iraq.slug, us.slug]) == refs(other, fits)


def test_side_of_a_joint_statement_is_each_speakers(reader):
    """As in the matrix, where it stands in both columns."""
    iraq, us = SideFactory.create_batch(2)
    joint = public(speaker__side=us, further_speakers=[SpeakerFactory(side=iraq)])
    assert ask(reader, side=iraq.slug) == ask(reader, side=us.slug) == refs(joint)


def test_speaker(reader):
    fits, other = public(), public()
    joint = public(further_speakers=[fits.speaker])
    assert ask(reader, speaker=fits.speaker.slug) == refs(joint, fits)
    assert ask(reader, speaker=[fits.speaker.slug, other.speaker.slug]) == refs(joint, other, fits)


def test_outlet(reader):
    fits, other = public(), public()
    outlet = fits.capture.source.outlet
    assert ask(reader, outlet=outlet.slug) == refs(fits)
    assert ask(reader, outlet=[outlet.slug, other.capture.source.outlet.slug]) == refs(other, fits)


@pytest.mark.parametrize("mode", Mode.values)
def test_mode(reader, mode):
    def make(mode):
        if mode == "narrator":
            speaker = OutletSpeakerFactory()
            return public(mode=mode, cue_class="none", speaker=speaker, capture__source__outlet=speaker.outlet)
        return public(mode=mode, quotes=["we never said so"] if mode in {"direct", "mixed"} else ())

    made = {each: make(each) for each in Mode.values}
    assert ask(reader, mode=mode) == refs(made[mode])
    assert ask(reader, mode=["direct", "narrator"]) == refs(made["narrator"], made["direct"])


@pytest.mark.parametrize("cue_class", CueClass.values)
def test_cue_class(reader, cue_class):
    made = {}
    for each in CueClass.values:
        cue = {} if each in {"none", "implicit"} else {"cue": "said"}
        made[each] = public(cue_class=each, **cue)
    assert ask(reader, cue_class=cue_class) == refs(made[cue_class])
    assert ask(reader, cue_class=["deny", "report"]) == refs(made["deny"], made["report"])


@pytest.mark.parametrize("sourcing", Sourcing.values)
def test_sourcing(reader, sourcing):
    made = {each: public(sourcing=each) for each in Sourcing.values}
    assert ask(reader, sourcing=sourcing) == refs(made[sourcing])
    assert ask(reader, sourcing=["leak", "background"]) == refs(made["leak"], made["background"])


def test_language(reader):
    english, arabic, german = public(), public(language="ar", content="أوقفت المحادثات"), public(language="de")
    assert ask(reader, language="ar") == refs(arabic)
    assert ask(reader, language=["ar", "en"]) == refs(arabic, english)
    assert ask(reader) == refs(german, arabic, english)


DATED = {
    "day": said("2024-08-15"),
    "month": said("2024-08-01", "2024-08-31", "month"),
    "year": said("2024-01-01", "2024-12-31", "year"),
    "since": said("2024-08-20", None, "range"),
    "until": said(None, "2024-08-10", "range"),
    "before": said("2023-05-01"),
    "undated": {},
}


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"said_after": "2024-08-15"}, {"day", "month", "year", "since"}),
        ({"said_after": "2024-08-16"}, {"month", "year", "since"}),
        ({"said_after": "2024-08"}, {"day", "month", "year", "since", "until"}),
        ({"said_after": "2025"}, {"since"}),
        ({"said_before": "2024-08-15"}, {"day", "month", "year", "until", "before"}),
        ({"said_before": "2024-08-14"}, {"month", "year", "until", "before"}),
        ({"said_before": "2023"}, {"until", "before"}),
        ({"said_after": "2024-08-11", "said_before": "2024-08-19"}, {"day", "month", "year"}),
        ({"said_after": "2024-08-15~"}, {"day", "month", "year", "since"}),
    ],
    ids=lambda value: "&".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else "",
)
def test_said_after_and_before_keep_what_may_lie_there(reader, parameters, found):
    """An uncertain date fits where it can; an undated statement is never claimed to fit."""
    made = {public(**values).ref: name for name, values in DATED.items()}
    assert {made[ref] for ref in ask(reader, **parameters)} == found


def test_disputed(reader):
    pair, draft = published_pair(), published_pair(status="draft")
    alone = public()
    assert ask(reader, disputed="yes") == refs(pair.second, pair.first)
    assert ask(reader, disputed="no") == refs(alone, draft.second, draft.first)
    assert len(ask(reader, disputed="")) == 5


def test_parameters_together_narrow(reader):
    topic, side = TopicFactory(), SideFactory()
    both = public(topics=[topic], speaker__side=side, quotes=["no"], **said("2024-08-15"))
    public(topics=[topic], speaker__side=side)
    public(topics=[topic], quotes=["no"])
    public(speaker__side=side, quotes=["no"])
    parameters = {"topic": topic.slug, "side": side.slug, "mode": "mixed", "q": "talks", "said_before": "2024"}
    assert ask(reader, **parameters) == refs(both)
    assert ask(reader, **{**parameters, "q": "nothing"}) == []


def test_nothing_matches(reader):
    public()
    answer = reader.get("/statements/", {"q": "Atlantis"})
    assert answer.status_code == 200
    assert texts(by_class(main(answer), "empty"))[-1:] == ["No statement matches. Show all statements"]


# Nonsense

NOT_HERE = "“{}” is not on record here; choose from the list."
NO_VALUE = "“{}” is not one of the values; choose from the list."
NONSENSE = [
    ("topic", "no-such", NOT_HERE.format("no-such")),
    ("question", "no-such", NOT_HERE.format("no-such")),
    ("side", "no-such", NOT_HERE.format("no-such")),
    ("speaker", "no-such", NOT_HERE.format("no-such")),
    ("outlet", "no-such", NOT_HERE.format("no-such")),
    ("topic", "<script>", NOT_HERE.format("<script>")),
    ("topic", "محادثات", NOT_HERE.format("محادثات")),
    ("stance", "maybe", NO_VALUE.format("maybe")),
    ("mode", "DIRECT", NO_VALUE.format("DIRECT")),
    ("cue_class", "shout", NO_VALUE.format("shout")),
    ("sourcing", "0", NO_VALUE.format("0")),
    ("language", "xx", NO_VALUE.format("xx")),
    ("disputed", "perhaps", "“perhaps” is no answer; choose yes or no."),
    ("sort", "best", "“best” is no order; choose one of these: newest, oldest, relevance."),
    ("q", "% _", "Write a word, a name or a number to look for."),
    ("q", "'", "Write a word, a name or a number to look for."),
    ("said_after", "yesterday", None),
    ("said_before", "2024-13", "There is no month 13 in ‘2024-13’; months go from 01 to 12, as in 2024-08."),
    ("said_after", "15/08/2024", "‘15/08/2024’ does not begin with the year. Write the year first: 2024-08-15."),
    ("q", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
    ("q", "a\0b", "Null characters are not allowed."),
    ("said_after", "2024\0", "Null characters are not allowed."),
]


@pytest.mark.parametrize(("name", "value", "message"), NONSENSE, ids=[f"{n}={v[:12]!r}" for n, v, _ in NONSENSE])
def test_nonsense_is_400_with_its_message_and_no_list(reader, name, value, message):
    statement = public()
    answer = reader.get("/statements/", {name: value})
    assert answer.status_code == 400
    page = main(answer)
    errors = texts(by_class(page, "errorlist"))
    assert len(errors) == 1
    assert errors == [message] if message else "letters" in errors[0]
    assert text(one(by_class(page, "problem"))) == "Some filters cannot be used; correct them to see results."
    assert by_class(page, "statements") == []
    assert statement.content not in text(page)


@pytest.mark.parametrize(
    "name", ["topic", "question", "side", "speaker", "outlet", "stance", "mode", "cue_class", "sourcing", "language"]
)
def test_nul_in_a_choice_is_400(reader, name):
    """PostgreSQL takes no NUL; that is the reader's mistake, not a server error."""
    public()
    answer = reader.get("/statements/", {name: "a\0b"})
    assert answer.status_code == 400
    assert by_class(main(answer), "statements") == []


def test_one_bad_value_beside_a_good_one_is_400(reader):
    statement = public()
    answer = reader.get("/statements/", {"speaker": [statement.speaker.slug, "no-such"]})
    assert answer.status_code == 400
    assert texts(by_class(main(answer), "errorlist")) == [NOT_HERE.format("no-such")]


def test_every_bad_value_has_its_message(reader):
    answer = reader.get("/statements/", {"mode": "sung", "sort": "best", "said_after": "2024-13"})
    assert len(by_class(main(answer), "errorlist")) == 3


def test_unknown_parameter_is_ignored(reader):
    statement = public()
    assert ask(reader, utm_source="news", fbclid="1", topic__status="draft", id="0") == refs(statement)


def test_draft_and_unknown_choices_answer_alike(reader):
    draft = StatementFactory(topics=[TopicFactory(status="draft")], language="ku")
    question = QuestionFactory(topic__status="draft")
    public()
    hidden = {
        "topic": draft.topics.get().slug,
        "question": question.slug,
        "speaker": draft.speaker.slug,
        "outlet": draft.capture.source.outlet.slug,
        "language": "ku",
    }
    for name, slug in hidden.items():
        nothing = "z" * len(slug)
        answer, unknown = (reader.get("/statements/", {name: value}) for value in (slug, nothing))
        assert (answer.status_code, answer.content.decode()) == (400, unknown.content.decode().replace(nothing, slug))


# Pages


def test_pages_walk_through_every_row_once(reader):
    made = [public(**said(f"2024-08-{1 + n % 3:02}")) for n in range(PAGE_SIZE)] + [public() for _ in range(PAGE_SIZE)]
    public(mode="mixed", quotes=["another"])
    expected = sorted(made, key=lambda s: (s.said_from or date.min, s.pk), reverse=True)
    address, found, first = "/statements/?mode=indirect&utm_source=news", [], True
    while address:
        answer = reader.get(address)
        found.append(shown(answer))
        pages = by_class(main(answer), "pages")
        assert ("First page" in text(pages[0])) == (not first)
        forward = [a.get("href") for a in pages[0].iter("a") if a.get("rel") == "next"]
        address, first = ("/statements/" + forward[0] if forward else ""), False
    assert [len(rows) for rows in found] == [PAGE_SIZE] * 2
    assert [ref for rows in found for ref in rows] == refs(*expected)


def test_one_page_has_no_page_links(reader):
    public()
    assert by_class(main(reader.get("/statements/")), "pages") == []


def encoded(plain):
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["garbage", "\0", "A" * 50_000, "é", encoded('{"page": 2}'), encoded('["2024-08-15",-1]'), encoded('["Kirby",3]')],
    ids=["garbage", "NUL", "huge", "not ASCII", "another's base64", "negative", "another list's"],
)
def test_broken_cursor_is_400(reader, cursor):
    statement = public()
    answer = reader.get("/statements/", {"cursor": cursor})
    assert answer.status_code == 400
    assert text(one(by_class(main(answer), "problem"))) == f"{BROKEN} First page"
    assert by_class(main(answer), "statements") == []
    assert statement.content not in text(main(answer))


def test_empty_cursor_is_the_first_page(reader):
    statement = public()
    assert ask(reader, cursor="") == refs(statement)


# The form and what is chosen in it


def test_chips_name_the_filters_in_force_and_take_one_away(reader):
    topic = TopicFactory(title="The talks")
    public(topics=[topic])
    answer = reader.get(
        "/statements/", {"topic": topic.slug, "mode": ["indirect", "mixed"], "q": "talks", "sort": "oldest"}
    )
    chips = list(one(by_class(main(answer), "chips")))
    assert texts(chips) == [
        "Words or speaker: talks ×remove",
        "Topic: The talks ×remove",
        "Form: Paraphrase ×remove",
        "Form: Paraphrase with quoted words ×remove",
    ]
    assert links(chips[2]) == [f"?topic={topic.slug}&mode=mixed&q=talks&sort=oldest"]


def test_choices_are_what_readers_may_see(reader):
    seen = public(
        topics=[TopicFactory(title="Seen topic")],
        speaker__name="Seen speaker",
        speaker__side=SideFactory(name="Seen side"),
        capture__source__outlet=OutletFactory(name="Seen outlet"),
    )
    PositionFactory(statement=seen, question=QuestionFactory(text="Seen question?", topic=seen.topics.get()))
    StatementFactory(
        topics=[TopicFactory(status="draft")], language="ku", speaker__side=SideFactory(), speaker__name="Hidden"
    )
    legends = {
        text(fieldset.find("legend")): texts(fieldset.iter("label"))
        for fieldset in main(reader.get("/statements/")).iter("fieldset")
    }
    assert {name: legends[name] for name in ("Topic", "Question", "Side", "Speaker", "Outlet", "Language")} == {
        "Topic": ["Seen topic 1"],
        "Question": ["Seen question? 1"],
        "Side": ["Seen side 1"],
        "Speaker": ["Seen speaker 1"],
        "Outlet": ["Seen outlet 1"],
        "Language": ["English 1"],
    }


def test_form_keeps_what_was_asked(reader):
    statement = public()
    page = main(reader.get("/statements/", {"q": "talks “x”", "speaker": statement.speaker.slug, "sort": "oldest"}))
    fields = {i.get("name"): i.get("value") for i in page.iter("input") if i.get("type") != "checkbox"}
    assert fields["q"] == "talks “x”"
    assert [i.get("value") for i in page.iter("input") if "checked" in i.attrib] == [statement.speaker.slug]
    chosen = {s.get("name"): [o.get("value") for o in s if "selected" in o.attrib] for s in page.iter("select")}
    assert chosen == {"sort": ["oldest"], "disputed": [""]}


def test_every_field_of_the_form_has_a_label(reader):
    page = main(reader.get("/statements/"))
    labelled = {label.get("for") for label in page.iter("label")}
    fields = [f.get("id") for tag in ("input", "select") for f in page.iter(tag)]
    assert [field for field in fields if field not in labelled] == []


@pytest.mark.parametrize(
    ("name", "value"), [("said_after", "../2024"), ("said_after", "XXXX"), ("said_before", "2024-08-15/..")]
)
def test_date_without_the_end_that_is_asked_for_is_refused(reader, name, value):
    answer = reader.get("/statements/", {name: value})
    assert answer.status_code == 400
    assert "This date has no such end; write a day, a month or a year." in answer.content.decode()
