"""What is not plain JSON: Web Annotations, records as JSON-LD, our vocabulary; and the description of the API."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from claims.addresses import absolute
from claims.annotations import CONTEXT, annotation, collection, collection_page
from claims.api.answering import AnnotationRenderer, KeysetPages, LinkedRenderer, MachineView, next_address
from claims.cursors import Page
from claims.linked import graph_of
from claims.models import Contradiction, Speaker, Statement, Topic
from claims.querysets import sources_on_record
from claims.views.statements import for_page
from claims.vocabulary import document

ANNOTATION = {
    "type": "object",
    "description": "W3C Web Annotation Data Model: an annotation, a collection, or a page of one.",
    "required": ["@context", "id", "type"],
    "properties": {
        "@context": {"type": "string", "format": "uri"},
        "id": {"type": "string", "format": "uri"},
        "type": {"type": "string", "enum": ["Annotation", "AnnotationCollection", "AnnotationPage"]},
    },
}
# Web Annotation Protocol, sections 4 and 5.
_RESOURCE = '<http://www.w3.org/ns/ldp#Resource>; rel="type"'


class Annotations(MachineView):
    """What all annotations share: their media type, and the header that says what they are."""

    answers = ANNOTATION
    renderer_classes = (AnnotationRenderer,)

    def answer(self, data: dict[str, Any]) -> Response:
        return Response(data, headers={"Link": _RESOURCE})


class StatementAnnotation(Annotations):
    """A statement as a W3C Web Annotation: the passages on which it stands, and what is claimed there."""

    name = "annotation"

    def get(self, request: Request, ref: str) -> Response:
        statement = self.record(Statement.objects.published().for_reading().with_words(), ref=ref)
        return self.answer({"@context": CONTEXT, **annotation(statement)})


class SourceAnnotations(Annotations):
    """All annotations of a source, as a collection (AnnotationCollection)."""

    name = "annotations"

    def get(self, request: Request, ref: str) -> Response:
        source = self.record(sources_on_record(), ref=ref)
        return self.answer(collection(source, Statement.objects.published().filter(capture__source=source).count()))


class SourceAnnotationPage(Annotations):
    """One page of that collection (AnnotationPage), in the order in which statements were recorded."""

    name = "annotation_page"
    pagination_class = KeysetPages

    def get(self, request: Request, ref: str) -> Response:
        source = self.record(sources_on_record(), ref=ref)
        rows = Statement.objects.published().filter(capture__source=source).for_reading().with_words()
        statements = self.paginate_queryset(rows) or []
        found: Page[Any] = self.paginator.found  # type: ignore[union-attr]
        asked = request.META.get("QUERY_STRING", "")
        here = absolute(f"{request.path}?{asked}" if asked else request.path)
        following = next_address(request, found)
        return self.answer(collection_page(source, statements, here=here, next_page=following))


class Linked(MachineView):
    """A record as JSON-LD."""

    renderer_classes = (LinkedRenderer,)
    schema = None

    def get(self, request: Request, **lookup: str) -> Response:
        return Response(graph_of(self.record(self.get_queryset(), **lookup)))


class LinkedStatement(Linked):
    def get_queryset(self) -> Any:
        return for_page(Statement.objects.published())


class LinkedContradiction(Linked):
    def get_queryset(self) -> Any:
        return Contradiction.objects.published().for_reading()


class LinkedSpeaker(Linked):
    def get_queryset(self) -> Any:
        return Speaker.objects.published().select_related("side").with_parent().prefetch_related("names")


class LinkedTopic(Linked):
    def get_queryset(self) -> Any:
        return Topic.objects.published()


class VocabularyDocument(MachineView):
    """Our vocabulary: a JSON-LD context, and what each term means."""

    renderer_classes = (LinkedRenderer,)
    schema = None

    def get(self, request: Request) -> Response:
        return Response(document())


class Schema(MachineView):
    """This description, as OpenAPI 3.1."""

    name = "openapi"
    renderer_classes = (JSONRenderer,)
    schema = None

    def get(self, request: Request) -> Response:
        return Response(json.loads(described()))


@cache
def described() -> str:
    """Made once in each process: it depends on the code and the settings alone. About a second, no query."""
    with translation.override(settings.LANGUAGE_CODE):
        return json.dumps(SchemaGenerator().get_schema(request=None, public=True))
