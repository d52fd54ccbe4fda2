"""A double click on Save: the form comes twice, is saved once, and the second answer is no error either."""

from functools import partial

import pytest

from claims.models import Speaker, SpeakerName, Statement
from tests.claims.admin.as_sent import as_sent
from tests.claims.admin.at_once import at_once
from tests.claims.admin.filling import Desk, told
from tests.factories import CaptureFactory, SpeakerFactory, SpeakerNameFactory

pytestmark = pytest.mark.django_db(transaction=True)


def clicked_twice(desk, path, typed, slow):
    """The two answers to one form that is sent twice at once, while `slow` writes slowly."""
    form = {**as_sent(desk.get(path)), **typed}
    answers = []
    at_once([partial(lambda: answers.append(Desk(desk.client).post(path, follow=False, **form)))] * 2, slow, 0.3)
    assert len(answers) == 2
    return answers


def test_a_new_record_is_made_once(desk):
    typed = {"name": "The ministry", "kind": "institution", "_save": "Save"}
    answers = clicked_twice(desk, "claims/speaker/add/", typed, "INSERT ON claims_speaker")
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/admin/claims/speaker/")] * 2
    assert Speaker.objects.get().name == "The ministry"


def test_a_new_record_with_a_reference_is_made_once(desk):
    typed = {"capture": CaptureFactory(text="We go on").pk, "speaker": SpeakerFactory().pk, "content": "We go on"}
    answers = clicked_twice(desk, "claims/statement/add/", typed, "INSERT ON claims_statement")
    form = f"/admin/claims/statement/{Statement.objects.get().pk}/change/"
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, form)] * 2


def test_a_change_with_a_new_row_is_made_once(desk):
    name = SpeakerNameFactory(text="before", language="en", kind="official")
    typed = {"names-TOTAL_FORMS": "2", "names-0-text": "after", "description": "mine", "_save": "Save"}
    typed |= {"names-1-text": "new", "names-1-language": "en", "names-1-kind": "official"}
    path = f"claims/speaker/{name.speaker_id}/change/"
    answers = clicked_twice(desk, path, typed, "UPDATE ON claims_speaker")
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/admin/claims/speaker/")] * 2
    assert sorted(SpeakerName.objects.values_list("text", flat=True)) == ["after", "new"]


def test_a_form_that_comes_again_with_other_words_is_asked_about(desk):
    speaker = SpeakerFactory(description="before")
    path = f"claims/speaker/{speaker.pk}/change/"
    form = as_sent(desk.get(path))
    desk.post(path, **{**form, "description": "first"})
    assert desk.post(path, **{**form, "description": "second"}).status_code == 409
    assert Speaker.objects.get().description == "first"


def test_the_number_of_a_form_is_not_told_in_the_history(desk):
    speaker = SpeakerFactory()
    path = f"claims/speaker/{speaker.pk}"
    form = {**as_sent(desk.get(f"{path}/change/")), "description": "mine"}
    assert told(desk.post(f"{path}/change/", **form))
    page = desk.get(f"{path}/history/").content.decode()
    assert "Description" in page
    assert "mine" in page
    assert form["_opened"] not in page
