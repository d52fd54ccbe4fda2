"""The API's description (OpenAPI): valid, complete, and true of every answer."""

import io
import json

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import checks
from schemathesis.specs.openapi import checks as of_openapi

from claims.api.documents import described
from claims.api.urls import API
from claims.filters import ContradictionFilter, CorrectionFilter, SourceFilter, SpeakerFilter, StatementFilter
from tests.test_headers import PAGES, second_copy  # noqa: F401  The example records and what stands beside them.

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

FILTERS = {
    "statements": StatementFilter,
    "contradictions": ContradictionFilter,
    "speakers": SpeakerFilter,
    "sources": SourceFilter,
    "corrections": CorrectionFilter,
}
CHECKS = [
    checks.not_a_server_error,
    of_openapi.status_code_conformance,
    of_openapi.content_type_conformance,
    of_openapi.response_headers_conformance,
    of_openapi.response_schema_conformance,
    of_openapi.negative_data_rejection,
]
EXPLORING = hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None
)


@pytest.fixture(scope="module")
def description():
    return json.loads(described())


def test_it_is_made_without_a_warning_and_valid(description, tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "x"), stdout=io.StringIO())
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


def test_it_asks_the_database_nothing(django_assert_num_queries):
    described.cache_clear()
    with django_assert_num_queries(0):
        described()


def test_every_address_is_in_it(description):
    routes = {f"/{route.pattern}" for route in API if str(route.pattern).startswith("api/")}
    plain = {route.replace("<slug:", "{").replace(">", "}") for route in routes}
    assert description["paths"].keys() == plain - {"/api/v1/openapi.json"}


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_a_parameter_with_its_values(description, name):
    told = {each["name"]: each for each in description["paths"][f"/api/v1/{name}"]["get"]["parameters"]}
    assert told.keys() == {*FILTERS[name].base_filters, "limit", "cursor"}
    assert [each for each, parameter in told.items() if not parameter["description"]] == []
    for each, own in FILTERS[name].base_filters.items():
        schema = told[each]["schema"]
        if isinstance(own.extra.get("choices"), list | tuple):
            values = [value for value, _ in own.extra["choices"]]
            assert schema.get("items", schema)["enum"] == values


def test_every_operation_says_how_it_fails(description):
    for path, operations in description["paths"].items():
        answers = operations["get"]["responses"]
        assert {"200", "304", "405", "406", "503"} <= answers.keys(), path
        assert ("404" in answers) == ("410" in answers) == ("{" in path)
        for status in answers.keys() - {"200", "301", "304"}:
            assert list(answers[status]["content"]) == ["application/problem+json"]


def path_of(name):
    (route,) = [route for route in API if route.name == name]
    return "/" + str(route.pattern).replace("<slug:", "{").replace(">", "}")


def asked():
    """Every address of the description with a record that is there."""
    return {name: address for name, address in PAGES.items() if name.startswith("api_") and name != "api_schema"}


def uncompressed(app):
    """The application as asked by a client that takes no compressed answers: the tool does not unpack them."""
    return lambda environ, start: app({k: v for k, v in environ.items() if k != "HTTP_ACCEPT_ENCODING"}, start)


@pytest.fixture
def schema(description):
    """Asked without a server. A request would close the connection on which the example records stand, as none does
    that comes from Django's own test client."""
    loaded = schemathesis.openapi.from_dict(description)
    loaded.app = uncompressed(get_wsgi_application())
    loaded.location = "http://127.0.0.1:8000/api/v1/openapi.json"
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield loaded
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("name", asked())
def test_answers_about_records_that_are_there_are_as_described(client, description, name):
    answer = client.get(asked()[name])
    told = description["paths"][path_of(name)]["get"]["responses"]["200"]["content"]
    ((media_type, body),) = told.items()
    assert answer["Content-Type"].partition(";")[0] == media_type
    whole = {"components": strict(description["components"]), **strict(body["schema"])}
    validator = Draft202012Validator(whole)
    assert [f"{list(error.path)} {error.message}" for error in validator.iter_errors(answer.json())] == []


def strict(schema):
    """The schema with every object closed, so that a key which nobody described is found too."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema and "@context" not in schema["properties"]:
        closed.setdefault("additionalProperties", False)
    return closed


@pytest.mark.parametrize("name", asked())
def test_whatever_is_asked_is_answered_as_described(schema, name):
    """Some valid questions and some nonsense for each operation."""
    operation = schema[path_of(name)]["GET"]
    some = [operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode]

    @hypothesis_settings(EXPLORING)
    @given(case=some[0] | some[1])
    def ask(case):
        case.call_and_validate(checks=CHECKS)

    ask()
