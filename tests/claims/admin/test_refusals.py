"""What the database refuses, and what a browser should never send: a form comes back, nothing is lost, never a 500."""

import pytest
from django.db import connection

from claims.choices import Mode, Status
from claims.models import Contradiction, Position, Speaker, Statement
from sources.models import Capture, Source
from tests.claims.admin.as_sent import as_sent
from tests.claims.admin.filling import errors, told
from tests.factories import (
    CaptureFactory,
    ContradictionFactory,
    OutletFactory,
    OutletSpeakerFactory,
    PositionFactory,
    QuestionFactory,
    SourceFactory,
    SpeakerFactory,
    StatementFactory,
    UnnamedSpeakerFactory,
    published_pair,
)

pytestmark = pytest.mark.django_db

ROOMS = [
    *("sources/outlet", "sources/source", "sources/capture"),
    *("claims/side", "claims/speaker", "claims/topic", "claims/question", "claims/occasion"),
    *("claims/statement", "claims/contradiction"),
]
TYPED = ("content", "quoted", "text", "name", "title", "said", "note", "slug", "url", "excerpt_map")
NONSENSE = ["nonsense", "99999999999999999999999", "-1", "٣", "1 OR 1=1", "\x00"]


def test_a_position_that_a_pair_needs_cannot_be_taken_away(desk):
    pair = ContradictionFactory()
    path = f"claims/statement/{pair.first_id}/change/"
    response = desk.send(path, **{"positions-0-DELETE": "on", "note": "kept note"})
    assert errors(response) == ["Both statements need a position on this question; add it to the statement first."]
    assert "kept note" in response.content.decode()
    assert pair.first.positions.count() == 1


def test_the_only_position_goes_where_no_pair_needs_it(desk):
    position = PositionFactory()
    response = desk.send(f"claims/statement/{position.statement_id}/change/", **{"positions-0-DELETE": "on"})
    assert errors(response) == []
    assert not Position.objects.exists()


def test_changed_words_under_a_pair_are_refused_in_words(desk):
    statement = StatementFactory(
        capture=CaptureFactory(text="The talks were halted. Nobody knew."), content="The talks were halted"
    )
    pair = ContradictionFactory(first=statement, first_words="talks")
    response = desk.send(f"claims/statement/{statement.pk}/change/", content="Nobody knew")
    assert errors(response) == ["These words do not stand in the first account; paste them from its content."]
    assert "Nobody knew" in response.content.decode()
    pair.first.refresh_from_db()
    assert pair.first.content == "The talks were halted"


def test_a_published_statement_cannot_lose_its_place(desk, publisher):
    statement = StatementFactory(status=Status.PUBLISHED)
    response = desk.send(f"claims/statement/{statement.pk}/change/", content="words of nobody")
    assert errors(response) == ["The statement's words are not found in the captured text: copy them from it exactly."]
    assert "words of nobody" in response.content.decode()


def test_a_narrator_is_the_outlet_of_the_source(desk):
    statement = StatementFactory()
    response = desk.send(f"claims/statement/{statement.pk}/change/", mode="narrator", cue_class="none")
    assert errors(response) == [
        "The outlet's own words are spoken by the outlet of the source; choose it as the speaker."
    ]


def test_a_source_whose_outlet_speaks_keeps_it(desk):
    voice = OutletSpeakerFactory()
    capture = CaptureFactory(source__outlet=voice.outlet, text="The talks were halted.")
    StatementFactory(
        capture=capture, speaker=voice, mode=Mode.NARRATOR, cue_class="none", content="The talks were halted"
    )
    response = desk.send(f"sources/source/{capture.source_id}/change/", outlet=OutletFactory().pk, note="kept note")
    assert errors(response) == [
        "The outlet's own words are spoken by the outlet of the source; choose it as the speaker."
    ]
    assert "kept note" in response.content.decode()


def test_an_unnamed_speaker_of_another_source_is_refused(desk):
    capture, speaker = CaptureFactory(text="We will go on"), UnnamedSpeakerFactory()
    response = desk.send("claims/statement/add/", capture=capture.pk, speaker=speaker.pk, content="We will go on")
    assert errors(response) == ["This unnamed speaker belongs to another source; make one for this source."]


def test_parents_in_a_circle_are_refused(desk):
    upper = SpeakerFactory()
    lower = SpeakerFactory(parent=upper)
    response = desk.send(f"claims/speaker/{upper.pk}/change/", parent=lower.pk, description="kept words")
    assert errors(response) == ["These bodies belong to each other in a circle; choose another parent."]
    assert "kept words" in response.content.decode()


def test_a_reply_to_itself_is_refused(desk):
    statement = StatementFactory()
    response = desk.send(f"claims/statement/{statement.pk}/change/", in_reply_to=[statement.pk])
    assert errors(response) == ["A statement cannot answer itself."]


def test_a_pair_recorded_twice_is_refused(desk):
    pair = ContradictionFactory()
    response = desk.send(
        "claims/contradiction/add/",
        question=pair.question_id,
        first=pair.second_id,
        second=pair.first_id,
        pattern="denial",
        explanation="kept words",
    )
    assert errors(response) == ["These two statements are already compared on this question."]
    assert "kept words" in response.content.decode()


def test_a_pair_names_everything_that_is_wrong_at_once(desk):
    first, second = StatementFactory(), StatementFactory()
    response = desk.send(
        "claims/contradiction/add/",
        question=QuestionFactory().pk,
        first=first.pk,
        second=second.pk,
        first_words="not there",
        second_words="not there either",
        finding="contradicts",
        pattern="reversal",
    )
    # One error list a field: each account, the question, the pattern (no shared voice, no dates), the finding.
    assert len(errors(response)) == 5
    page = response.content.decode()
    assert first.content in page
    assert second.content in page
    assert "not there either" in page


def test_overlapping_quoted_words_are_refused(desk):
    statement = StatementFactory(quotes=["we will go on"])
    response = desk.send(f"claims/statement/{statement.pk}/change/", quoted="we will go\n\ngo on")
    assert errors(response) == ["“go on” overlaps another quoted passage; make them one."]


def test_the_same_capture_twice_is_refused(desk):
    capture = CaptureFactory()
    typed = {"captures-TOTAL_FORMS": 1, "captures-0-text": capture.text, "captures-0-rights": "private"}
    response = desk.send(f"sources/source/{capture.source_id}/change/", **typed)
    assert errors(response) == ["This text is already kept for this source; use that capture."]
    response = desk.send("sources/capture/add/", source=capture.source_id, text=capture.text)
    assert errors(response) == ["This text is already kept for this source; use that capture."]
    assert Capture.objects.count() == 1


@pytest.mark.parametrize("key", NONSENSE)
def test_a_key_that_is_nonsense_is_an_error_of_the_form(desk, key):
    for path, field, typed in (
        ("claims/statement/add/", "capture", {"content": "kept words", "question": key, "topics": [key]}),
        ("claims/contradiction/add/", "first", {"explanation": "kept words", "second": key}),
        ("sources/source/add/", "outlet", {"title": "kept words"}),
        ("claims/speaker/add/", "parent", {"name": "kept words"}),
    ):
        response = desk.send(path, **typed, **{field: key})
        assert response.status_code == 200
        assert errors(response)
        assert "kept words" in response.content.decode()
        assert desk.get(path, **{field: key}).status_code == 200
    for path in ("claims/contradiction/add/",):
        assert desk.post(path, _show="1", first=key, second=key, explanation="kept words").status_code == 200


@pytest.mark.parametrize("path", ROOMS)
@pytest.mark.parametrize(
    "words", ["", "a\x00b", "\u202eevil", "ا" * 1_100_000], ids=["empty", "nul", "override", "1MB"]
)
def test_odd_words_in_every_field_are_never_a_server_error(desk, path, words):
    form = desk.form(f"{path}/add/")
    keep = ("TOTAL_FORMS", "INITIAL_FORMS", "new_ref")
    data = {name: value if name.endswith(keep) else words for name, value in form.items()}
    data |= dict.fromkeys(TYPED, words)
    response = desk.post(f"{path}/add/", **data)
    assert response.status_code == 200


def test_a_megabyte_of_text_is_kept_as_a_capture_and_refused_as_a_claim(desk):
    text = "كلمة " * 210_000
    desk.send("sources/capture/add/", source=SourceFactory().pk, text=text)
    capture = Capture.objects.get()
    assert capture.text == text
    response = desk.send("claims/statement/add/", capture=capture.pk, speaker=SpeakerFactory().pk, content=text)
    assert "Keep the shortest words" in errors(response)[0]


def test_a_form_without_its_management_part_comes_back(desk):
    response = desk.post("sources/source/add/", title="kept words")
    assert response.status_code == 200
    assert "kept words" in response.content.decode()


def test_a_form_sent_twice_is_saved_once(desk):
    capture, speaker = CaptureFactory(text="We will go on"), SpeakerFactory()
    data = {
        **desk.form("claims/statement/add/"),
        "capture": capture.pk,
        "speaker": speaker.pk,
        "content": "We will go on",
    }
    desk.post("claims/statement/add/", **data)
    response = desk.post("claims/statement/add/", **data)
    assert "This form was saved already" in errors(response)[0]
    assert Statement.objects.count() == 1
    again = response.context["adminform"].form["new_ref"].value()
    assert again != data["new_ref"]
    desk.post("claims/statement/add/", **{**data, "new_ref": again})
    assert Statement.objects.count() == 2


def test_a_colleagues_change_is_not_overwritten_unseen(desk):
    speaker = SpeakerFactory(name="Old")
    mine = desk.form(f"claims/speaker/{speaker.pk}/change/")
    Speaker.objects.update(description="A colleague's.")
    response = desk.post(f"claims/speaker/{speaker.pk}/change/", **{**mine, "description": "Mine."})
    assert errors(response)[0].startswith("Somebody changed this record after you opened it.")
    assert "Mine." in response.content.decode()
    assert Speaker.objects.get().description == "A colleague's."
    knowing = response.context["adminform"].form["seen_version"].value()
    desk.post(f"claims/speaker/{speaker.pk}/change/", **{**mine, "description": "Mine.", "seen_version": knowing})
    assert Speaker.objects.get().description == "Mine."


def test_a_twin_saved_a_moment_ago_is_told_in_words(desk):
    """What two editors do at once, a slug taken between check and write, done by a trigger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION twin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF NEW.order = 7 THEN RETURN NEW; END IF; "
            "INSERT INTO claims_side (name, slug, \"order\", version) VALUES ('Twin', NEW.slug, 7, 1); "
            "RETURN NEW; END $$;"
            "CREATE TRIGGER twin BEFORE INSERT ON claims_side FOR EACH ROW EXECUTE FUNCTION twin();"
        )
    response = desk.send("claims/side/add/", name="Iraq")
    assert errors(response) == ["A record with the same address or reference was saved a moment ago; look in the list."]
    assert "Iraq" in response.content.decode()


def test_a_speaker_of_the_same_name_is_pointed_out(desk):
    old = SpeakerFactory(name="Hussein Alláwi")
    response = desk.send("claims/speaker/add/", name="hussein  allawi")
    assert errors(response) == []
    assert any("there is a speaker of the same name already" in message for message in told(response))
    assert f"/admin/claims/speaker/{old.pk}/change/" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "slug"), [("حسين علاوي", "hsyn-alawy"), ("Jürgen Ö", "jurgen-o"), ("Сергей", "sergei")]
)
def test_an_address_is_made_from_any_script(desk, name, slug):
    desk.send("claims/speaker/add/", name=name)
    desk.send("claims/speaker/add/", name=name)
    made = list(Speaker.objects.order_by("pk").values_list("slug", flat=True))
    assert made == [slug, f"{slug}-2"]


def test_a_published_record_is_withdrawn_not_deleted(boss):
    pair = published_pair()
    for path in (f"claims/statement/{pair.first_id}", f"claims/contradiction/{pair.pk}"):
        assert boss.post(f"{path}/delete/", post="yes").status_code == 403
    draft = StatementFactory()
    path = f"claims/statement/{draft.pk}/delete/"
    boss.post(path, **as_sent(boss.get(path)))
    assert set(Statement.objects.values_list("pk", flat=True)) == {pair.first_id, pair.second_id}
    capture = CaptureFactory()
    assert boss.post(f"sources/capture/{capture.pk}/delete/", post="yes").status_code == 403


def test_a_draft_that_a_pair_needs_is_protected(boss):
    pair = ContradictionFactory()
    pair.first.refresh_from_db()
    response = boss.post(f"claims/statement/{pair.first_id}/delete/", post="yes", seen_version=pair.first.version)
    assert response.status_code == 200
    assert "protected" in response.content.decode()
    assert Contradiction.objects.filter(pk=pair.pk).exists()


def test_a_capture_is_kept_as_it_is(desk):
    capture = CaptureFactory(text="Kept text")
    desk.send(f"sources/capture/{capture.pk}/change/", text="Forged", source=SourceFactory().pk, rights="private")
    again = Capture.objects.get(pk=capture.pk)
    assert (again.text, again.source_id, again.rights) == ("Kept text", capture.source_id, "private")
    assert Source.objects.filter(captures=again).count() == 1
