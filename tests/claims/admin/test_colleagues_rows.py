"""Two editors on the rows of one record, on what it names and on the words it quotes: nobody overwrites unseen."""

import pytest

from claims.anchors import Passage, anchor_part
from claims.models import Position, Speaker, SpeakerName, Statement
from tests.claims.admin.as_sent import as_sent
from tests.claims.admin.comparing import told
from tests.factories import PositionFactory, SpeakerFactory, SpeakerNameFactory, StatementFactory, TopicFactory


@pytest.fixture
def path():
    """The form of a statement with one answer."""
    return f"claims/statement/{PositionFactory(gist='before').statement_id}/change/"


@pytest.mark.django_db
def test_a_colleagues_answer_is_not_overwritten_unseen(desk, path):
    mine = as_sent(desk.get(path))
    Position.objects.update(gist="theirs")
    response = desk.post(path, **{**mine, "positions-0-gist": "mine", "note": "my note"})
    assert told(response) == [
        ("Note", "mine", "", "", "[+my note+]"),
        ("position 1: Gist", "both", "before", "[-before-][+theirs+]", "[-before-][+mine+]"),
    ]
    assert (Position.objects.get().gist, Statement.objects.get().note) == ("theirs", "")
    again = as_sent(response)
    desk.post(path, **again)
    assert (Position.objects.get().gist, Statement.objects.get().note) == ("mine", "my note")


@pytest.mark.django_db
def test_theirs_is_taken_in_a_row_too(desk, path):
    mine = as_sent(desk.get(path))
    Position.objects.update(gist="theirs")
    again = as_sent(desk.post(path, **{**mine, "positions-0-gist": "mine", "note": "my note"}))
    desk.post(path, **{**again, "take-positions-0-gist": "theirs"})
    assert (Position.objects.get().gist, Statement.objects.get().note) == ("theirs", "my note")


@pytest.mark.django_db
def test_a_row_that_a_colleague_changed_is_not_taken_away_unseen(desk, path):
    mine = {**as_sent(desk.get(path)), "positions-0-DELETE": "on"}
    Position.objects.update(gist="theirs")
    response = desk.post(path, **mine)
    assert [line[:2] for line in told(response)] == [("position 1: Taken away", "both")]
    again = as_sent(response)
    assert again["positions-0-DELETE"] == ["on"]
    desk.post(path, **{**again, "take-positions-0": "theirs"})
    assert Position.objects.get().gist == "theirs"
    desk.post(path, **{**as_sent(desk.get(path)), "positions-0-DELETE": "on"})
    assert not Position.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_row_that_a_colleague_took_away_keeps_what_was_typed_in_it(desk, choice):
    name = SpeakerNameFactory(text="before", language="en")
    SpeakerNameFactory(speaker=name.speaker, text="stays", language="en")
    path = f"claims/speaker/{name.speaker_id}/change/"
    mine = as_sent(desk.get(path))
    mine |= {f"names-{number}-text": "mine" for number in (0, 1) if mine[f"names-{number}-text"] == "before"}
    name.delete()
    response = desk.post(path, **mine)
    assert [line[:2] for line in told(response)] == [("other name 2: Taken away", "both")]
    again = as_sent(response)
    assert (again["names-INITIAL_FORMS"], again["names-TOTAL_FORMS"], again["names-1-text"]) == ("1", "2", "mine")
    desk.post(path, **{**again, "take-names-1": choice})
    kept = {"mine": ["mine", "stays"], "theirs": ["stays"]}[choice]
    assert sorted(SpeakerName.objects.values_list("text", flat=True)) == kept


@pytest.mark.django_db
def test_a_row_that_a_colleague_took_away_and_nobody_else_touched_is_gone(desk):
    name = SpeakerNameFactory(text="before", language="en")
    path = f"claims/speaker/{name.speaker_id}/change/"
    mine = as_sent(desk.get(path))
    name.delete()
    response = desk.post(path, **{**mine, "description": "mine"})
    assert ("other name 1: Taken away", "theirs") in [line[:2] for line in told(response)]
    desk.post(path, **as_sent(response))
    assert not SpeakerName.objects.exists()
    assert Speaker.objects.get().description == "mine"


@pytest.mark.django_db
def test_rows_that_both_added_are_both_kept_and_the_same_one_once(desk):
    speaker = SpeakerFactory(description="before")
    path = f"claims/speaker/{speaker.pk}/change/"
    mine = as_sent(desk.get(path))
    SpeakerNameFactory(speaker=speaker, text="alike", language="en", kind="official")
    SpeakerNameFactory(speaker=speaker, text="theirs", language="en", kind="official")
    Speaker.objects.update(description="theirs")
    added = {"names-TOTAL_FORMS": "2"}
    for number, text in enumerate(["mine", "alike"]):
        added |= {f"names-{number}-{name}": value for name, value in (("text", text), ("language", "en"))}
        added |= {f"names-{number}-kind": "official"}
    response = desk.post(path, **{**mine, **added})
    assert {line[1] for line in told(response) if line[0].endswith("Added")} == {"alike", "theirs"}
    desk.post(path, **as_sent(response))
    assert sorted(SpeakerName.objects.values_list("text", flat=True)) == ["alike", "mine", "theirs"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "make"),
    [("topics", TopicFactory), ("further_speakers", SpeakerFactory), ("in_reply_to", StatementFactory)],
)
def test_a_colleagues_choice_of_several_is_not_overwritten_unseen(desk, path, field, make):
    mine = as_sent(desk.get(path))
    theirs = make()
    chosen = getattr(Position.objects.get().statement, field)
    chosen.add(theirs)
    response = desk.post(path, **mine)
    assert [line[1] for line in told(response)] == ["theirs"]
    assert str(theirs)[:40] in response.content.decode()
    assert chosen.get() == theirs
    again = as_sent(response)
    assert again[field] == [str(theirs.pk)]
    desk.post(path, **{**again, field: []})
    assert not chosen.exists()


@pytest.mark.django_db
def test_a_colleagues_quoted_words_are_not_overwritten_unseen(desk):
    statement = StatementFactory(quotes=["we will go on"])
    path = f"claims/statement/{statement.pk}/change/"
    mine = as_sent(desk.get(path))
    anchor_part(statement, "quote", [Passage("we will", None)])
    response = desk.post(path, **mine)
    assert told(response) == [("Quoted words", "theirs", "we will go on", "we will[- go on-]", "we will go on")]
    assert statement.anchors.get(part="quote").exact == "we will"
