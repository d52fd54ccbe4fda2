"""Speakers and sides."""

from claims.models import Speaker
from sources.forms import DeskForm


class SpeakerForm(DeskForm):
    slug_from = "name"

    class Meta:
        model = Speaker
        fields = "__all__"


class SideForm(DeskForm):
    slug_from = "name"
