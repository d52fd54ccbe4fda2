"""Two editors on one record: whoever saves second is asked, field by field, and loses no word."""

from functools import partial

import pytest
from django.contrib import admin

from claims.models import Position, Question, Side, Speaker, SpeakerName, Statement, Topic, Translation
from sources.desk import DeskAdmin, DeskRows
from sources.models import Capture, Source
from sources.seen import SeenForm, unsealed
from tests import factories
from tests.claims.admin.as_sent import as_sent
from tests.claims.admin.at_once import at_once
from tests.claims.admin.comparing import told
from tests.claims.admin.filling import Desk, errors
from tests.factories import (
    PositionFactory,
    QuestionFactory,
    SpeakerFactory,
    SpeakerNameFactory,
    StatementFactory,
    TranslationFactory,
)

ROOMS = {room.model: room for room in admin.site._registry.values() if room.opts.app_label in {"sources", "claims"}}


# --- What every form carries ------------------------------------------------------------------------------------------


def rows_of(response):
    return [row for inline in response.context["inline_admin_formsets"] for row in inline.formset.initial_forms]


def opened(desk):
    """Of every room a record's form that this desk may change, with rows of every kind: its path and its page."""
    statement = PositionFactory(statement=StatementFactory(quotes=["we will go on"])).statement
    TranslationFactory(statement=statement)
    question = QuestionFactory()
    with_rows = {Statement: statement, Speaker: SpeakerNameFactory().speaker, Topic: question.topic}
    for model, room in ROOMS.items():
        assert isinstance(room, DeskAdmin), f"{room} is no room of the desk, so it lets the second save win unseen"
        row = (
            with_rows.get(model)
            or model.objects.order_by("pk").first()
            or getattr(factories, f"{model.__name__}Factory")()
        )
        path = f"{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"
        response = desk.get(path)
        if response.status_code == 200 and response.context.get("has_change_permission"):
            yield path, response


@pytest.mark.django_db
def test_every_form_and_row_of_the_desk_sends_the_version_that_was_seen(desk):
    walked = set()
    for path, response in opened(desk):
        page = as_sent(response)
        rows = rows_of(response)
        for prefix in ["", *(f"{each.prefix}-" for each in rows)]:
            assert page[f"{prefix}seen_version"].isdigit(), (path, prefix)
            assert unsealed(page[f"{prefix}seen_values"])["values"], (path, prefix)
        walked |= {type(each.instance) for each in rows} | {type(response.context["original"])}
    assert walked >= {Statement, Speaker, Topic, Side, Source, Capture, Position, Translation, SpeakerName, Question}


@pytest.mark.parametrize("room", ROOMS.values(), ids=str)
def test_every_kind_of_row_knows_what_was_seen(room):
    for inline in room.get_inlines(None, True):
        assert issubclass(inline.form, SeenForm), inline
        assert issubclass(inline.formset, DeskRows), inline


@pytest.mark.django_db
def test_no_form_or_row_is_saved_without_the_version(desk):
    for path, response in opened(desk):
        sent = as_sent(response)
        for name in [name for name in sent if name.endswith("seen_version")]:
            forged = {key: value for key, value in sent.items() if key != name}
            assert desk.post(path, **forged).status_code == 409, (path, name)


@pytest.mark.django_db
def test_what_a_form_carries_is_what_it_shows(desk):
    """Put back into the form, the values that were opened count as no change; so taking theirs is what they saved."""
    for path, response in opened(desk):
        for one in [response.context["adminform"].form, *rows_of(response)]:
            data = {one.add_prefix(name): list(v) if isinstance(v, tuple) else v for name, v in one.values().items()}
            for name in one.values():
                field = one.fields[name]
                raw = field.widget.value_from_datadict(_Lists(data), {}, one.add_prefix(name))
                assert not field.has_changed(one[name].initial, raw), (path, name)


class _Lists(dict):
    def getlist(self, name):
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]


@pytest.mark.django_db
def test_a_page_of_long_ago_is_asked_about_every_difference(desk):
    speaker = SpeakerFactory(description="theirs")
    path = f"claims/speaker/{speaker.pk}/change/"
    sent = {**as_sent(desk.get(path)), "description": "mine"}
    for old in ({"seen_values": "x:y", "seen_version": ""}, {"seen_values": "", "seen_version": "99"}):
        response = desk.post(path, **{**sent, **old})
        assert told(response) == [("Description", "both", None, "theirs", "[-theirs-][+mine+]")]
    assert Speaker.objects.get(pk=speaker.pk).description == "theirs"


# --- A field ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_field_is_told_by_who_changed_it(desk):
    speaker = SpeakerFactory(name="The ministry", description="It said so.", wikidata="", kind="institution")
    path = f"claims/speaker/{speaker.pk}/change/"
    mine = as_sent(desk.get(path))
    Speaker.objects.update(name="The Ministry", description="It said so on Thursday.", wikidata="Q1")
    typed = {**mine, "description": "It said so twice.", "kind": "government", "wikidata": "Q1"}
    response = desk.post(path, **typed)
    assert told(response) == [
        ("Name", "theirs", "The ministry", "The [-ministry-][+Ministry+]", "The ministry"),
        ("Kind", "mine", "Institution", "Institution", "Government"),
        (
            "Description",
            "both",
            "It said so.",
            "It said so[+ on Thursday+].",
            "It said so[+ twice+].",
        ),
        ("Wikidata", "alike", "", "[+Q1+]", "[+Q1+]"),
    ]
    again = as_sent(response)
    assert (again["name"], again["description"], again["kind"]) == ("The Ministry", "It said so twice.", ["government"])
    assert desk.post(path, follow=False, **again).status_code == 302
    speaker.refresh_from_db()
    assert (speaker.name, speaker.description, speaker.kind) == ("The Ministry", "It said so twice.", "government")


@pytest.mark.django_db
def test_theirs_is_taken_where_it_was_chosen(desk):
    speaker = SpeakerFactory(description="before", wikidata="")
    path = f"claims/speaker/{speaker.pk}/change/"
    mine = as_sent(desk.get(path))
    Speaker.objects.update(description="theirs", wikidata="Q1")
    again = as_sent(desk.post(path, **{**mine, "description": "mine", "wikidata": "Q2"}))
    assert again["take-description"] == ["mine"]
    desk.post(path, **{**again, "take-description": "theirs"})
    speaker.refresh_from_db()
    assert (speaker.description, speaker.wikidata) == ("theirs", "Q2")


@pytest.mark.django_db
def test_a_second_conflict_keeps_what_was_typed_and_chosen(desk):
    speaker = SpeakerFactory(description="before")
    path = f"claims/speaker/{speaker.pk}/change/"
    mine = as_sent(desk.get(path))
    Speaker.objects.update(description="theirs")
    again = as_sent(desk.post(path, **{**mine, "description": "mine"}))
    Speaker.objects.update(description="theirs again")
    response = desk.post(path, **{**again, "take-description": "theirs"})
    assert told(response) == [("Description", "both", "theirs", "theirs[+ again+]", "[-theirs-][+mine+]")]
    third = as_sent(response)
    assert (third["description"], third["take-description"]) == ("mine", ["theirs"])
    desk.post(path, **third)
    assert Speaker.objects.get().description == "theirs again"


@pytest.mark.django_db
def test_a_choice_that_cannot_be_saved_yet_keeps_what_was_typed(desk):
    speaker = SpeakerFactory(description="before")
    path = f"claims/speaker/{speaker.pk}/change/"
    mine = as_sent(desk.get(path))
    Speaker.objects.update(description="theirs")
    again = as_sent(desk.post(path, **{**mine, "description": "mine"}))
    response = desk.post(path, **{**again, "take-description": "theirs", "name": ""})
    assert response.status_code == 200
    assert errors(response)
    third = as_sent(response)
    assert (third["description"], third["take-description"]) == ("mine", ["theirs"])
    assert [row.label for row in response.context["conflict"]] == ["Description"]
    desk.post(path, **{**third, "name": "A name"})
    assert Speaker.objects.get().description == "theirs"


@pytest.mark.django_db
def test_who_saved_and_when_is_told(desk, boss):
    speaker = SpeakerFactory(description="before")
    path = f"claims/speaker/{speaker.pk}/change/"
    mine = as_sent(desk.get(path))
    boss.send(path, description="theirs")
    response = desk.post(path, **{**mine, "description": "mine"})
    assert "Last saved by <bdi>publisher</bdi>" in response.content.decode()


@pytest.mark.django_db
def test_a_copy_whose_rows_count_no_version_is_held_too(desk):
    capture = factories.CaptureFactory(rights="private")
    path = f"sources/capture/{capture.pk}/change/"
    mine = as_sent(desk.get(path))
    Capture.objects.update(rights="licensed")
    response = desk.post(path, **{**mine, "rights": "public_domain"})
    assert told(response) == [("Rights", "both", "Private", "Licensed", "Public domain")]
    assert Capture.objects.get().rights == "licensed"


# --- A record that is deleted -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_typed_into_a_record_that_is_gone_is_shown(desk):
    side = factories.SideFactory()
    path = f"claims/side/{side.pk}/change/"
    mine = as_sent(desk.get(path))
    side.delete()
    response = desk.post(path, **{**mine, "name": "The words I typed"})
    assert response.status_code == 409
    assert ("name", "The words I typed") in response.context["left"]
    assert "The words I typed" in response.content.decode()
    assert not Side.objects.exists()


@pytest.mark.django_db
def test_a_record_that_changed_is_not_deleted_unseen(boss):
    side = factories.SideFactory(name="before")
    path = f"claims/side/{side.pk}/delete/"
    sure = as_sent(boss.get(path))
    Side.objects.update(name="theirs")
    for forged in (sure, {"post": "yes"}):
        response = boss.post(path, **forged)
        assert response.status_code == 409
        assert "it is not deleted" in response.content.decode()
    assert boss.post(path, follow=False, **as_sent(response)).status_code == 302
    assert not Side.objects.exists()


# --- At once ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_asked(signed_in, editor):
    speaker = SpeakerFactory(description="")
    form = f"claims/speaker/{speaker.pk}/change/"
    desks = [Desk(signed_in(editor)) for _ in range(2)]
    opened = [as_sent(desk.get(form)) for desk in desks]
    said = {}

    def save(number):
        said[number] = desks[number].post(form, follow=False, **{**opened[number], "description": f"by {number}"})

    at_once([partial(save, number) for number in range(2)], "UPDATE ON claims_speaker", 0.5)
    asked = [number for number, response in said.items() if response.status_code == 409]
    assert sorted(response.status_code for response in said.values()) == [302, 409]
    assert Speaker.objects.get().description == f"by {1 - asked[0]}"
    assert told(said[asked[0]]) == [
        ("Description", "both", "", f"[+by {1 - asked[0]}+]", f"[+by {asked[0]}+]"),
    ]
