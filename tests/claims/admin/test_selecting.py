"""Selected words reach the form of a statement: by their places, or by the words where no script ran."""

import html
import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Statement
from tests.claims.admin.filling import errors, told, values
from tests.factories import CaptureFactory, SpeakerFactory, StatementFactory
from tests.markup import by_class, links, one, text, texts, tree

pytestmark = pytest.mark.django_db

TEXT = (
    "🎉 The spokesman said: “We will go on,” and denied that the talks were halted.\n\n"
    "وقال الوزير إن «المُحادثات مستمرة» رغم الهجوم. The talks were halted, he replied yesterday by saying “no.”"
)


@pytest.fixture
def capture():
    return CaptureFactory(text=TEXT)


def place(words, within=TEXT):
    start = within.index(words)
    return f"{start}-{start + len(words)}"


def places(response):
    """The hidden inputs that tell where the words of a form begin."""
    found = re.findall(r'<input type="hidden" name="(\w+_at(?:_\d+)?)" value="([\d,]*)">', response.content.decode())
    return dict(found)


def section(response, tag, name):
    """One element of a page of the desk, whose other markup is Django's."""
    return tree(re.search(rf'<{tag} class="{name}".*?</{tag}>', response.content.decode(), re.DOTALL)[0])


def open_form(desk, capture, path="add", **selected):
    return desk.get(f"claims/statement/{path}/", capture=capture.pk, **selected)


def test_places_become_the_words_of_a_new_statement(desk, capture):
    response = open_form(
        desk,
        capture,
        content=place("denied that the talks were halted"),
        quote=[place("We will go on"), place("no")],
        cue=[place("replied"), place("by saying")],
        speaker=place("The spokesman"),
    )
    filled = values(response)
    assert (filled["content"], filled["quoted"], filled["cue"], filled["attributed_as"]) == (
        "denied that the talks were halted",
        "We will go on\n\nno",
        "replied … by saying",
        "The spokesman",
    )
    assert places(response) == {
        "content_at": str(TEXT.index("denied")),
        "quoted_at_0": str(TEXT.index("We will")),
        "quoted_at_1": str(TEXT.index("no.")),
        "cue_at": f"{TEXT.index('replied')},{TEXT.index('by saying')}",
        "speaker_at": "2",
    }
    assert told(response) == []


def test_a_statement_is_filed_at_the_selected_place(desk):
    twice = "It said the talks were halted. Later the ministry denied that the talks were halted."
    capture = CaptureFactory(text=twice)
    second = twice.rindex("the talks")
    response = open_form(
        desk,
        capture,
        content=f"{second}-{len(twice) - 1}",
        speaker=place("the ministry", twice),
        cue=place("denied", twice),
    )
    sent = {**values(response), **places(response), "speaker": SpeakerFactory().pk}
    assert errors(desk.post("claims/statement/add/", **sent)) == []
    statement = Statement.objects.get()
    found = {anchor.part: (anchor.start, anchor.exact) for anchor in statement.anchors.all()}
    assert found == {
        "content": (second, "the talks were halted"),
        "cue": (twice.index("denied"), "denied"),
        "speaker": (twice.index("the ministry"), "the ministry"),
    }


def test_a_form_that_comes_back_keeps_the_places(desk, capture):
    response = open_form(desk, capture, content=place("the talks were halted"), cue=place("denied"))
    response = desk.post("claims/statement/add/", **values(response), **places(response))
    assert errors(response) == ["This field is required."]
    assert places(response) == {"content_at": str(TEXT.index("the talks")), "cue_at": str(TEXT.index("denied"))}


@pytest.mark.parametrize(
    ("part", "selected", "field", "words"),
    [
        ("content", "talks were hal", "content", "talks were halted"),
        ("content", " “We will go on,” ", "content", "We will go on"),
        ("content", "said: “We will go on", "content", "said: “We will go on,”"),
        ("content", ", he replied yesterday", "content", "he replied yesterday"),
        ("quote", "said: “We will go on,” and", "quoted", "We will go on"),
        ("quote", "“no.”", "quoted", "no"),
        ("quote", TEXT, "quoted", "We will go on\n\nالمُحادثات مستمرة\n\nno"),
        ("cue", " denied ", "cue", "denied"),
        ("speaker", "زير", "attributed_as", "الوزير"),
        ("content", "🎉 The", "content", "🎉 The"),
    ],
)
def test_a_selection_is_settled_to_what_it_means(desk, capture, part, selected, field, words):
    response = open_form(desk, capture, **{part: place(selected)})
    assert values(response)[field] == words
    assert told(response) == []


@pytest.mark.parametrize(
    ("selected", "says"),
    [
        ({"content": "5"}, "Words: the selected place is not in the captured text"),
        ({"content": "9-5"}, "Words: the selected place"),
        ({"content": "0-99999999"}, "Words: the selected place"),
        ({"content": "-1-5"}, "Words: the selected place"),
        ({"content": "٣-٥"}, "Words: the selected place"),
        ({"content": "1\x00-5"}, "Words: the selected place"),
        ({"content": f"0-{'9' * 5000}"}, "Words: the selected place"),
        ({"quote": [f"{n}-{n + 1}" for n in range(2, 60)]}, "Quoted words: at most 20 passages"),
        ({"cue": place(TEXT)}, "Cue: “🎉 The spokesman said"),
        ({"speaker": place("\n\n")}, "Attributed as: no word was selected"),
        ({"content": [place("spokesman"), place("denied")]}, "Words: at most one passage"),
        ({"capture": "", "content": "2-5"}, "The words were selected in another text"),
        ({"capture": "99999", "content": "2-5"}, "The words were selected in another text"),
        ({"capture": "9" * 5000, "content": "2-5"}, "The words were selected in another text"),
        ({"capture": "1\x00", "content": "2-5"}, "The words were selected in another text"),
        ({"content_words": "the talks never took place"}, "Words: “the talks never took place” is not in the"),
        ({"content_words": "x" * 20_001}, "Words: these are 20,001 characters"),
    ],
)
def test_a_bad_selection_is_left_out_with_a_warning(desk, capture, selected, says):
    response = desk.get("claims/statement/add/", **{"capture": capture.pk, **selected})
    assert response.status_code == 200
    assert [message for message in told(response) if message.startswith(says)] != []


def test_speaker_still_chooses_a_speaker_by_its_key(desk, capture):
    speaker = SpeakerFactory()
    response = desk.get("claims/statement/add/", capture=capture.pk, speaker=[speaker.pk, place("The spokesman")])
    assert values(response)["attributed_as"] == "The spokesman"
    response = desk.get("claims/statement/add/", capture=capture.pk, speaker=speaker.pk)
    assert values(response)["speaker"] == str(speaker.pk)


def test_a_statement_that_stands_shows_what_would_be_replaced_and_changes_nothing(desk, capture):
    statement = StatementFactory(capture=capture, content="the talks were halted", status="published")
    response = open_form(desk, capture, f"{statement.pk}/change", content=place("The talks"), cue=place("denied"))
    assert values(response)["content"] == "The talks"
    shown = texts(section(response, "div", "desk-status desk-selected").iter("li"))
    assert shown == ["Words: The talks; saving puts it in the place of “the talks were halted”", "Cue: denied"]
    statement.refresh_from_db()
    assert (statement.content, statement.cue) == ("the talks were halted", "")


def test_words_of_another_text_are_not_taken_over(desk, capture):
    statement = StatementFactory()
    before = values(desk.get(f"claims/statement/{statement.pk}/change/"))
    response = open_form(desk, capture, f"{statement.pk}/change", content="2-10")
    assert values(response) == before
    assert told(response)[0].startswith("The words were selected in another text")


def test_without_a_script_the_pasted_words_are_found(desk, capture):
    response = open_form(
        desk,
        capture,
        content_words='"We will go on" and denied that the talks were halted\r\n',
        quote_words="“We will go on”\r\n\r\nno",
        cue_words="replied … by saying",
        speaker_words="",
    )
    filled = values(response)
    assert (filled["content"], filled["quoted"], filled["cue"]) == (
        '"We will go on" and denied that the talks were halted',
        "We will go on\n\nno",
        "replied … by saying",
    )
    assert "attributed_as" not in filled or not filled["attributed_as"]


def test_many_pasted_words_cost_one_reading_of_the_fold(desk, capture):
    some = "\n\n".join(["We will go on", *(f"no such words {number}" for number in range(29))])
    with CaptureQueriesContext(connection) as queries:
        answer = desk.get("claims/statement/selected/", capture=capture.pk, quote_words=some, content_words="denied")
    assert len([query for query in queries if "captureindex" in query["sql"]]) == 1
    assert [one["words"] for one in answer.json()["passages"]["quote"]] == ["We will go on"]
    problems = answer.json()["problems"]
    assert (len(problems), problems[-1]) == (
        20,
        "Quoted words: at most 20 passages can be taken over; the others were left out.",
    )


def test_pasted_words_that_are_too_long_for_their_part_are_not_looked_for(desk, capture):
    answer = desk.get("claims/statement/selected/", capture=capture.pk, cue_words="x" * 101)
    assert answer.json() == {
        "passages": {},
        "problems": [f"Cue: “{'x' * 59}…” is too long for it; select fewer words."],
    }


def test_pasted_words_that_stand_twice_lead_to_the_choice_of_places(desk):
    capture = CaptureFactory(text="First the talks were halted. Then the talks were halted.")
    response = open_form(desk, capture, content_words="the talks were halted")
    assert (values(response)["content"], places(response)) == ("the talks were halted", {})
    response = desk.post("claims/statement/add/", **values(response), speaker=SpeakerFactory().pk)
    assert response.content.decode().count('name="content_at"') == 2


def test_the_capture_shows_what_is_recorded_in_place(desk, capture):
    draft = StatementFactory(capture=capture, content="denied that the talks were halted")
    StatementFactory(capture=capture, content="said: “We will go on,”", quotes=["We will go on"], status="published")
    StatementFactory(capture=capture, content="الوزير", status="withdrawn")
    page = section(desk.get(f"sources/capture/{capture.pk}/change/"), "section", "desk-capture")
    region = one(by_class(page, "desk-text"))
    assert "".join(region.itertext()) == TEXT
    assert (region.get("dir"), region.get("lang"), region.get("translate")) == ("auto", "en", "no")
    marked = [(mark.get("class"), text(mark)) for mark in region.iter("mark")]
    assert marked == [
        ("desk-mark desk-part-content", "said: “"),
        ("desk-mark desk-part-content desk-part-quote", "We will go on"),
        ("desk-mark desk-part-content", ",”"),
        ("desk-mark desk-part-content", "denied that the talks were halted"),
    ]
    flags = [(flag.get("data-flag"), flag.get("href")) for flag in by_class(region, "desk-flag")]
    assert [flag for flag, _ in flags] == ["1: words", "1: quoted words", "2: words"]
    assert flags[2][1] == f"/admin/claims/statement/{draft.pk}/change/"
    recorded = one(by_class(page, "desk-records"))
    assert [link for link in links(recorded) if link.startswith("#")] == ["#passage-1", "#passage-2"]
    panel = one(by_class(page, "desk-select"))
    assert (panel.get("method"), panel.get("action")) == ("get", "/admin/claims/statement/add/")
    assert [button.get("formaction") for button in panel.iter("button") if button.get("formaction")][1] == flags[2][1]


@pytest.mark.parametrize("count", [1, 3])
def test_a_capture_costs_the_same_for_any_number_of_statements(desk, capture, django_assert_num_queries, count):
    StatementFactory.create_batch(count, capture=capture, content="the talks were halted")
    desk.get(f"sources/capture/{capture.pk}/change/")
    with django_assert_num_queries(14):
        desk.get(f"sources/capture/{capture.pk}/change/")


def test_who_may_not_add_statements_gets_no_tool(signed_in, administrator, capture):
    administrator.user_permissions.add(Permission.objects.get(codename="view_capture"))
    client = signed_in(administrator)
    page = client.get(f"/admin/sources/capture/{capture.pk}/change/").content.decode()
    assert html.unescape(page).count(TEXT[:40]) == 1
    assert "desk-select" not in page.replace("desk-selectable", "")
    answer = client.get("/admin/claims/statement/selected/", {"capture": capture.pk, "content": "2-5"})
    assert answer.status_code == 403


def test_who_may_see_no_statement_sees_none_in_a_captures_text(signed_in, administrator, capture):
    """A draft is no reader's affair; to see the kept text is another permission than to see what is made of it."""
    draft = StatementFactory(capture=capture, content="the talks were halted", speaker__name="Canaryspeaker")
    administrator.user_permissions.add(Permission.objects.get(codename="view_capture"))
    path = f"/admin/sources/capture/{capture.pk}/change/"
    shown = signed_in(administrator).get(path).content.decode()
    traces = ("Canaryspeaker", "(draft)", "desk-mark", f"statement/{draft.pk}/")
    assert (html.unescape(shown).count(TEXT[:40]), [words for words in traces if words in shown]) == (1, [])
    administrator.user_permissions.add(*Permission.objects.filter(codename__in=["view_statement", "read_drafts"]))
    shown = signed_in(administrator).get(path).content.decode()
    assert [words for words in traces if words in shown] == list(traces)


def test_the_script_asks_what_a_selection_means(desk, capture):
    answer = desk.get("claims/statement/selected/", capture=capture.pk, quote=place("“We will go on,”"))
    start = TEXT.index("We will")
    assert answer.json() == {
        "passages": {"quote": [{"words": "We will go on", "start": start, "end": start + 13}]},
        "problems": [],
    }
    assert desk.get("claims/statement/selected/", capture="9" * 5000).status_code == 404
