"""How one record names another, and what all serialisers share."""

from typing import Any, TypedDict

from rest_framework import serializers

from claims.addresses import page_of, to
from claims.models import Speaker


class Named(TypedDict):
    """Another record, by its slug and name, and where it is found."""

    slug: str
    name: str
    api: str
    html: str


class Slug(TypedDict):
    """Something that has no address of its own."""

    slug: str
    name: str


class Ref(TypedDict):
    """Another record, by its reference, and where it is found."""

    ref: str
    api: str
    html: str


class Changed(TypedDict):
    """That a record was changed since readers first saw it."""

    kind: str
    at: str


def named(speaker: Speaker) -> Named:
    where = to("api_speaker", speaker.slug)
    return {"slug": speaker.slug, "name": speaker.name, "api": where, "html": page_of(speaker)}


def referred(record: Any) -> Ref:
    where = to(f"api_{record._meta.model_name}", record.ref)
    return {"ref": record.ref, "api": where, "html": page_of(record)}


class ReadOnly[M: Any](serializers.ModelSerializer[M]):
    """Every field is written by us alone, so that the schema promises each of them in every answer."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
        return fields
