"""The description of the API (OpenAPI): parameters from the filters themselves, and what every answer has in common."""

from typing import Any

import django_filters as filters
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from claims.api.answering import LIMIT, MOST, MachineView
from claims.api.problems import MEDIA_TYPE
from claims.cursors import PAGE_SIZE

# What each parameter takes; docs/reading.md says the same at greater length.
PARAMETERS = {
    "q": "Words to look for, or a part of a name: in a statement, a name or a title, as the list has them. "
    '“"…"” for a phrase, `or` between two, `-` before a word to leave it out.',
    "topic": "The slug of a topic. Repeated: any of them.",
    "question": "The slug of a question; with `stance`, the answer to that question.",
    "side": "The slug of a side.",
    "speaker": "The slug of a speaker; joint statements are found for each of their speakers.",
    "outlet": "The slug of an outlet.",
    "stance": "What a statement answers.",
    "mode": "Whether words are quoted, paraphrased, both, or the outlet's own.",
    "cue_class": "What the word that introduces them does.",
    "sourcing": "On what terms it was said.",
    "language": "A language tag that occurs, such as `en`.",
    "said_after": "Said on or after this date (EDTF: `2024-08-15`, `2024-08`, `2024`).",
    "said_before": "Said on or before this date (EDTF).",
    "disputed": "Whether it stands in a public pair.",
    "sort": "The order.",
    "finding": "How the two accounts stand to each other.",
    "pattern": "What the second account does to the first.",
    "mechanism": "What in the language makes them conflict.",
    "kind": "What sort of record or change it is.",
    "ref": "The reference of one correction.",
}
_COUNTED = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE_SIZE}
PAGING = (
    OpenApiParameter("limit", _COUNTED, description=f"How many rows a page has. {LIMIT}"),
    OpenApiParameter("cursor", str, description="Where to go on: from `next` of the page before."),
)
PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and what to do."},
        "errors": {
            "type": "object",
            "description": "Of 400: the messages for each parameter.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "tombstone": {"$ref": "#/components/schemas/Tombstone"},
    },
}
_PLACE = {
    "type": "object",
    "required": ["slug", "html"],
    "properties": {
        "slug": {"type": "string"},
        "name": {"type": "string"},
        "title": {"type": "string"},
        "html": {"type": "string", "format": "uri"},
    },
}
TOMBSTONE = {
    "type": "object",
    "description": "What may be told of a record that was withdrawn: never its words.",
    "required": ["withdrawn_at", "reason", "correction", "with", "question", "speakers", "topics"],
    "properties": {
        "withdrawn_at": {"type": ["string", "null"], "format": "date-time"},
        "reason": {"type": "string"},
        "correction": {"type": ["string", "null"], "format": "uri", "description": "The withdrawal itself."},
        "with": {
            "type": "string",
            "enum": ["", "statement", "topic"],
            "description": "What was withdrawn, where that was not the record itself but what it stood on.",
        },
        "question": {"type": "string"},
        "speakers": {"type": "array", "items": _PLACE},
        "topics": {"type": "array", "items": _PLACE},
    },
}
_HEADERS = {
    "ETag": {
        "schema": {"type": "string"},
        "description": "Of the bytes of the JSON; weak where they came compressed.",
    },
    "Cache-Control": {"schema": {"type": "string"}, "description": "Ask again each time, with the ETag."},
}
_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where it is found now."}}
# Status → what it means here, where there is a body, and on which operations: all, those that name a record, lists.
ALL, RECORDS, LISTS = "all", "records", "lists"
ANSWERS = {
    "301": (RECORDS + LISTS, "A former name of a topic or speaker: the address with the present one."),
    "304": (ALL, "Nothing changed since the ETag that was sent."),
    "400": (LISTS, "A parameter has a bad value: which, and what to do."),
    "404": (RECORDS, "No such record, or one that is not public or is being checked."),
    "405": (ALL, "The API is read only."),
    "406": (ALL, "The Accept header takes no JSON."),
    "410": (RECORDS, "The record was published and was withdrawn."),
    "503": (ALL, "The answer took too long to find; see Retry-After."),
}


class ApiSchema(AutoSchema):
    """One operation. The filters' own choices are not asked, since some of them are read from the records."""

    view: MachineView  # type: ignore[override]

    def get_operation_id(self) -> str:
        return self.view.name

    def get_tags(self) -> list[str]:
        return []

    def get_summary(self) -> str:
        return (type(self.view).__doc__ or "").partition("\n")[0].rstrip(".")

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        return super().get_serializer_name(serializer, direction).removesuffix("Data")

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_override_parameters(self) -> list[Any]:
        filterset = self.view.filterset_class
        of_filters = [_parameter(name, each) for name, each in filterset.base_filters.items()] if filterset else []
        return [*of_filters, *(PAGING if self.view.pagination_class else ())]

    def get_response_serializers(self) -> Any:
        of_record = self.view.answers or super().get_response_serializers()
        return {200: OpenApiResponse(of_record, description=self.get_summary())}


def _parameter(name: str, each: filters.Filter) -> OpenApiParameter:
    value: dict[str, Any] = {"type": "string"}
    choices = each.extra.get("choices")
    if isinstance(choices, (list, tuple)):
        value["enum"] = [key for key, _ in choices]
    if longest := each.extra.get("max_length"):
        value["maxLength"] = longest
    many = isinstance(each, filters.MultipleChoiceFilter)
    return OpenApiParameter(
        name,
        {"type": "array", "items": value} if many else value,
        description=PARAMETERS[name],
        style="form" if many else None,
        explode=True if many else None,
    )


def completed(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: ARG001
    """The description with what every operation answers beside its records."""
    result["components"]["schemas"] |= {"Problem": PROBLEM, "Tombstone": TOMBSTONE}
    for path, operations in result["paths"].items():
        operation = operations["get"]
        of = {ALL, RECORDS} if "{" in path else {ALL}
        of |= {LISTS} if any(parameter["in"] == "query" for parameter in operation["parameters"]) else set()
        operation["responses"]["200"]["headers"] = _HEADERS
        for status, (where, meaning) in ANSWERS.items():
            if any(each in where for each in of):
                operation["responses"][status] = _answer(status, meaning)
    return result


def _answer(status: str, meaning: str) -> dict[str, Any]:
    if status == "301":
        return {"description": meaning, "headers": _LOCATION}
    if status == "304":
        return {"description": meaning, "headers": {"ETag": _HEADERS["ETag"]}}
    return {
        "description": meaning,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
