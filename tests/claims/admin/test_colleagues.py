"""Two editors on one record: whoever saves second is told, and overwrites nobody unseen."""

from functools import partial

import pytest

from claims.anchors import Passage, anchor_part
from claims.models import Position, Speaker, SpeakerName, Statement
from tests.claims.admin.at_once import at_once
from tests.claims.admin.filling import Desk, errors
from tests.factories import (
    PositionFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    TopicFactory,
    TranslationFactory,
)

TOLD = "Somebody changed this record after you opened it."


@pytest.fixture
def path():
    """The form of a statement with one answer."""
    return f"claims/statement/{PositionFactory(gist='before').statement_id}/change/"


@pytest.mark.django_db
def test_a_colleagues_answer_is_not_overwritten_unseen(desk, path):
    mine = desk.form(path)
    Position.objects.update(gist="a colleague's")
    response = desk.post(path, **{**mine, "note": "my note"})
    assert errors(response)[0].startswith(TOLD)
    assert errors(response)[0].endswith("Theirs is: Gist: a colleague's.")
    assert "my note" in response.content.decode()
    assert 'value="before"' in response.content.decode()
    assert (Position.objects.get().gist, Statement.objects.get().note) == ("a colleague's", "")
    knowing = response.context["inline_admin_formsets"][0].formset.forms[0]["seen_version"].value()
    desk.post(path, **{**mine, "positions-0-seen_version": knowing})
    assert Position.objects.get().gist == "before"


@pytest.mark.django_db
def test_a_browser_is_given_what_it_must_send_back(desk, path):
    page = desk.get(path).content.decode()
    for name in ("seen_version", "seen_topics", "seen_further_speakers", "seen_in_reply_to", "seen_quoted"):
        assert page.count(f'<input type="hidden" name="{name}"') == 1
    assert page.count('<input type="hidden" name="positions-0-seen_version" value="1"') == 1


@pytest.mark.django_db
def test_a_colleagues_change_of_other_rows_is_not_overwritten_unseen(desk):
    translation, name = TranslationFactory(), SpeakerNameFactory()
    for row, form in (
        (translation, f"claims/statement/{translation.statement_id}/change/"),
        (name, f"claims/speaker/{name.speaker_id}/change/"),
    ):
        mine = desk.form(form)
        type(row).objects.update(text="a colleague's")
        response = desk.post(form, **mine)
        assert errors(response)[0].startswith(TOLD)
        row.refresh_from_db()
        assert row.text == "a colleague's"


@pytest.mark.django_db
def test_a_row_that_a_colleague_changed_is_not_taken_away_unseen(desk, path):
    mine = {**desk.form(path), "positions-0-DELETE": "on"}
    Position.objects.update(gist="a colleague's")
    response = desk.post(path, **mine)
    assert errors(response)[0].startswith(TOLD)
    assert Position.objects.exists()
    desk.post(path, **{**mine, "positions-0-seen_version": 2})
    assert not Position.objects.exists()


@pytest.mark.django_db
def test_a_row_that_a_colleague_took_away_is_not_a_server_error(desk):
    name = SpeakerNameFactory()
    form = f"claims/speaker/{name.speaker_id}/change/"
    mine = desk.form(form)
    SpeakerName.objects.all().delete()
    response = desk.post(form, **mine)
    assert response.status_code == 200
    assert errors(response)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "make"),
    [("topics", TopicFactory), ("further_speakers", SpeakerFactory), ("in_reply_to", StatementFactory)],
)
def test_a_colleagues_choice_of_several_is_not_overwritten_unseen(desk, path, field, make):
    mine = desk.form(path)
    theirs = make()
    chosen = getattr(Position.objects.get().statement, field)
    chosen.add(theirs)
    response = desk.post(path, **mine)
    assert errors(response)[0].startswith(TOLD)
    assert str(theirs)[:40] in errors(response)[0]
    assert chosen.get() == theirs
    knowing = response.context["adminform"].form[f"seen_{field}"].value()
    desk.post(path, **{**mine, f"seen_{field}": knowing})
    assert not chosen.exists()


@pytest.mark.django_db
def test_a_colleagues_quoted_words_are_not_overwritten_unseen(desk):
    statement = StatementFactory(quotes=["we will go on"])
    form = f"claims/statement/{statement.pk}/change/"
    mine = desk.form(form)
    anchor_part(statement, "quote", [Passage("we will", None)])
    response = desk.post(form, **mine)
    assert errors(response)[0].startswith(TOLD)
    assert "Quoted words: “we will”" in errors(response)[0]
    assert statement.anchors.get(part="quote").exact == "we will"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(signed_in, editor):
    speaker = SpeakerFactory(description="")
    form = f"claims/speaker/{speaker.pk}/change/"
    desks = [Desk(signed_in(editor)) for _ in range(2)]
    opened = [desk.form(form) for desk in desks]
    said = {}

    def save(number):
        response = desks[number].post(form, **{**opened[number], "description": f"by {number}"})
        said[number] = errors(response)

    at_once([partial(save, number) for number in range(2)], "UPDATE ON claims_speaker", 0.5)
    told = [number for number, problems in said.items() if problems]
    assert len(said) == 2
    assert len(told) == 1
    assert said[told[0]][0].startswith(TOLD)
    assert Speaker.objects.get().description == f"by {1 - told[0]}"
