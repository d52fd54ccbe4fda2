"""A form that is opened and saved as it is changes nothing: every example record is put to it."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.serializers import serialize

from tests.claims.admin.filling import errors
from tests.test_fixtures import FIXTURES

pytestmark = pytest.mark.django_db

ROOMS = ["sources.source", "sources.capture", "claims.speaker", "claims.topic", "claims.question", "claims.occasion"]


def everything():
    models = [*apps.get_app_config("sources").get_models(), *apps.get_app_config("claims").get_models()]
    return {model._meta.label: serialize("json", model.objects.order_by("pk")) for model in models}


@pytest.mark.parametrize("room", [*ROOMS, "claims.statement", "claims.contradiction"])
def test_saving_without_a_change_changes_nothing(desk, publisher, room):
    call_command("loaddata", *map(str, FIXTURES), verbosity=0)
    before = everything()
    for key in apps.get_model(room).objects.order_by("pk").values_list("pk", flat=True):
        response = desk.send(f"{room.replace('.', '/')}/{key}/change/", follow=False)
        assert (response.status_code, errors(response)) == (302, []), (room, key)
    assert everything() == before
