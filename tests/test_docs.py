"""The documentation names what there is: every column and value, every setting, every address, and no dead link."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import TextChoices

from claims import choices as claims_choices
from claims import urls
from claims.api.documents import described
from claims.api.schema import PAGING
from claims.api.statements import StatementLinks
from claims.api.urls import API
from claims.filters import ContradictionFilter, CorrectionFilter, SourceFilter, SpeakerFilter, StatementFilter
from claims.rules import RULES
from sources import choices as sources_choices

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "fixtures").glob("*.md")])
MODELS = [model for app in ("sources", "claims") for model in apps.get_app_config(app).get_models()]
VOCABULARIES = [
    kind
    for module in (sources_choices, claims_choices)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, TextChoices) and kind.__module__ == module.__name__
]
FILTERS = {
    "/statements/": StatementFilter,
    "/contradictions/": ContradictionFilter,
    "/speakers/": SpeakerFilter,
    "/sources/": SourceFilter,
    "/corrections/": CorrectionFilter,
}


@cache
def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def name_of(value):
    return getattr(value, "__name__", str(value))


def section(page, heading):
    """The text below a heading, up to the next heading of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}$\n(.*?)(?=^#|\Z)", read(page), re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no section {heading!r}"
    return found[1]


def first_cells(text):
    """What stands in backquotes in the first cell of each row of the tables in a text."""
    rows = (line.split("|")[1] for line in text.splitlines() if line.startswith("| "))
    return [name for cell in rows for name in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_column_is_in_the_data_format(model):
    fields = [field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many) if field.name != "id"]
    assert first_cells(section("docs/data-format.md", model.__name__)) == fields


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=name_of)
def test_every_value_is_in_the_data_format(vocabulary):
    listed = section("docs/data-format.md", vocabulary.__name__)
    assert first_cells(listed) == vocabulary.values
    assert [row.split("|")[2].strip() for row in listed.splitlines() if row.startswith("| `")] == vocabulary.labels


def test_every_rule_is_explained_to_editors():
    messages = [message.split(";")[0].rstrip(".") for _, message in RULES.values()]
    assert [message for message in messages if message not in read("docs/editing.md")] == []


@pytest.mark.parametrize("address", FILTERS)
def test_every_filter_is_in_reading(address):
    named = first_cells(section("docs/reading.md", f"Filters of {address}"))
    assert sorted(named) == sorted([*FILTERS[address].base_filters, "cursor"])


def test_every_address_is_in_reading():
    shown = [address.split("?")[0] for address in first_cells(section("docs/reading.md", "Reading"))]
    routes = ["/" + re.sub(r"<\w+:(\w+)>", r"<\1>", str(route.pattern)) for route in [*urls.PAGES, *urls.FILES]]
    assert [route for route in routes if route not in shown] == []
    assert [address for address in shown if address not in [*routes, "/admin/"]] == []


def test_every_address_for_machines_is_in_api():
    shown = first_cells(section("docs/api.md", "Addresses"))
    assert shown == ["/" + re.sub(r"<\w+:(\w+)>", r"<\1>", str(route.pattern)) for route in API]


def test_every_way_to_fail_is_in_api():
    told = re.findall(r"^\| (\d+) \|", section("docs/api.md", "Errors"), re.MULTILINE)
    answers = {code for each in json.loads(described())["paths"].values() for code in each["get"]["responses"]}
    assert set(told) == answers | {"204", "500"}
    assert first_cells(section("docs/api.md", "Lists")) == [parameter.name for parameter in PAGING]


def test_what_the_api_adds_to_the_columns_is_in_api():
    schemas = json.loads(described())["components"]["schemas"]
    fields = {name for each in ("Statement", "Source") for name in schemas[each]["properties"]}
    assert set(first_cells(section("docs/api.md", "Records"))) <= fields | set(StatementLinks.__annotations__)


def test_readme_names_the_two_commands():
    commands = [line.strip() for line in read("README.md").splitlines() if line.startswith("    ")]
    assert {"make run", "make test"} <= set(commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_is_named_exists(page):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`make\s+([a-z]+)", text)) | set(re.findall(r"^    make ([a-z]+)", text, re.MULTILINE))
    assert named - targets == set()


def test_readme_names_every_make_target():
    targets = re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE)
    assert [target for target in targets if not re.search(rf"\bmake {target}\b", read("README.md"))] == []


def test_every_variable_that_is_read_is_in_operating():
    found = {"SECRET_KEY", "DATABASE_URL"}
    for path in sorted((ROOT / "config").glob("*.py")):
        code = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', code))
        found |= set(re.findall(r'environ(?:\.get\(|\[)\s*"([A-Z_]+)"', code))
        found |= set(re.findall(r'\btext\("([A-Z_]+)"', code))
    listed = set(first_cells(section("docs/operating.md", "Settings")))
    assert found - listed == set()


def anchors(path):
    """The names under which GitHub and its like link to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page):
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    dead = []
    for link in links:
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = (page.parent / target).resolve() if target else page
        known = path.exists() and path.is_relative_to(ROOT)
        if not known or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            dead.append(link)
    assert dead == []
