"""The rules of the house that a reviewer would otherwise have to remember (config → claims → sources → Django)."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests import factories

ROOT = Path(settings.BASE_DIR)
APPS = ("sources", "claims", "config")
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
SCRIPTS = sorted(path for app in APPS for path in (ROOT / app).rglob("*.js"))
TEMPLATES = sorted(path for folder in ("templates", *APPS) for path in (ROOT / folder).rglob("*.html"))
MODELS = [model for app in ("sources", "claims") for model in apps.get_app_config(app).get_models()]

# A child row's link to its parent: forms show the child inside the parent and never ask for it.
PARENT_LINKS = {"SpeakerName.speaker", "Anchor.statement", "Translation.statement", "Position.statement"}

# The launcher's two modules run before anything is installed, each one subject of its own.
LONG = {"config/cluster.py": 600, "config/launch.py": 650}

# A row of each model, and the fields that find it again in another database.
NATURAL_KEYS = {
    "Outlet": (factories.OutletFactory, {"slug"}),
    "Source": (factories.SourceFactory, {"ref"}),
    "Capture": (factories.CaptureFactory, {"ref"}),
    "CaptureIndex": (lambda: factories.CaptureFactory().index, {"capture"}),
    "Side": (factories.SideFactory, {"slug"}),
    "Speaker": (factories.SpeakerFactory, {"slug"}),
    "SpeakerName": (factories.SpeakerNameFactory, {"speaker", "text", "language"}),
    "Topic": (factories.TopicFactory, {"slug"}),
    "Question": (factories.QuestionFactory, {"topic", "slug"}),
    "Occasion": (factories.OccasionFactory, {"ref"}),
    "Statement": (factories.StatementFactory, {"ref"}),
    "Anchor": (factories.AnchorFactory, {"statement", "part", "order"}),
    "Translation": (factories.TranslationFactory, {"statement", "language", "by"}),
    "Rejection": (factories.RejectionFactory, {"capture", "start", "end"}),
    "Position": (factories.PositionFactory, {"statement", "question"}),
    "Contradiction": (factories.ContradictionFactory, {"ref"}),
    "Correction": (factories.CorrectionFactory, {"ref"}),
    "ContextNote": (factories.ContextNoteFactory, {"ref"}),
    "Reply": (factories.ReplyFactory, {"ref"}),
    "FormerSlug": (factories.FormerSlugFactory, {"slug", "speaker", "topic"}),
    "Report": (factories.ReportFactory, {"ref"}),
    "SavedFilter": (factories.SavedFilterFactory, {"user", "room", "name"}),
    "Alert": (factories.AlertFactory, {"email", "room", "query"}),
    "Digest": (factories.DigestFactory, {"user"}),
}


# Models without a natural key, and why no file names their rows.
NO_KEY = {
    "Event": "the database writes its own history, and takes none from a file",
    "Seal": "made from the events by sealing alone",
    "Checkpoint": "made from the seals by sealing alone",
    "ReportAttempt": "counts requests, and is forgotten after a day",
}
KEYED = [model for model in MODELS if model.__name__ not in NO_KEY]

# A row of these is unique under one of two conditions, of which exactly one is true (a check of the model).
EITHER_OR = {"FormerSlug"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def each_model(models: list[type] = MODELS) -> list[object]:
    return [pytest.param(model, id=model.__name__) for model in models]


def own_fields(model: type[models.Model]) -> list[models.Field]:
    """The columns and many-to-many fields that a model declares, without its automatic key."""
    return [
        field
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if not isinstance(field, models.AutoField)
    ]


def imported(path: Path) -> Iterator[str]:
    """The names of modules that a file imports, also inside functions and under TYPE_CHECKING."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in {"import_module", "__import__"}
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


@pytest.mark.parametrize(("app", "above"), [("sources", {"claims", "config"}), ("claims", {"config"})])
def test_nothing_points_up(app, above):
    """`sources` keeps documents whatever is claimed about them; no app knows which site it is part of."""
    wrong = {
        f"{name_of(path)} imports {module}"
        for path in (ROOT / app).rglob("*.py")
        for module in imported(path)
        if module.split(".")[0] in above
    }
    assert wrong == set()


def test_no_relation_of_sources_names_claims():
    """A relation by name ("claims.Statement") is an import that no linter sees."""
    wrong = {
        str(field)
        for model in apps.get_app_config("sources").get_models()
        for field in own_fields(model)
        if field.related_model and field.related_model._meta.app_label == "claims"
    }
    assert wrong == set()


@pytest.mark.parametrize("model", each_model())
def test_every_field_tells_the_editor_what_to_enter(model):
    silent = {
        f"{model.__name__}.{field.name}"
        for field in own_fields(model)
        if not field.help_text and not isinstance(field, models.GeneratedField)
    }
    assert silent - PARENT_LINKS == set()


def test_exempt_parent_links_exist_and_are_silent():
    """The list of exceptions holds nothing that needs none."""
    fields = {f"{model.__name__}.{field.name}": field for model in MODELS for field in own_fields(model)}
    assert {name for name in PARENT_LINKS if not fields[name].help_text} == PARENT_LINKS
    assert {fields[name].remote_field.on_delete for name in PARENT_LINKS} == {models.CASCADE}


def test_every_model_is_in_the_table_of_natural_keys():
    assert set(NATURAL_KEYS) == {model.__name__ for model in KEYED}
    assert NO_KEY.keys() <= {model.__name__ for model in MODELS}


@pytest.mark.django_db
@pytest.mark.parametrize("model", each_model(KEYED))
def test_natural_key_finds_the_row(model):
    """Fixtures and exports name rows by it, so it must lead back to the row, and the database keep it unique."""
    factory, fields = NATURAL_KEYS[model.__name__]
    row, _ = factory(), factory()
    assert model._default_manager.get_by_natural_key(*row.natural_key()) == row
    unique = [{field.name} for field in own_fields(model) if field.unique] + [
        set(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        and (constraint.condition is None or model.__name__ in EITHER_OR)
    ]
    assert any(found <= fields if model.__name__ in EITHER_OR else found == fields for found in unique)


@pytest.mark.parametrize("model", each_model(KEYED))
def test_natural_key_names_what_must_be_loaded_before(model):
    """loaddata can resolve a key only after the rows it is made of."""
    _, fields = NATURAL_KEYS[model.__name__]
    parents = {model._meta.get_field(field).related_model for field in fields} - {None}
    assert {parent._meta.label_lower for parent in parents} <= set(getattr(model.natural_key, "dependencies", ()))


@pytest.mark.parametrize("model", each_model())
def test_every_vocabulary_is_closed_in_the_database_too(model):
    """`choices` bind forms only; the CHECK must know the same values."""
    checked = {constraint.name: constraint for constraint in model._meta.constraints}
    for field in own_fields(model):
        base = getattr(field, "base_field", field)
        if base.choices:
            ((_, values),) = checked[f"{model._meta.model_name}_{field.name}_known"].condition.children
            blank = {""} if field.blank and base is field else set()
            assert set(values) == {value for value, _ in base.flatchoices} | blank, field


@pytest.mark.parametrize("model", each_model())
def test_constraints_are_named_for_their_model_and_speak(model):
    """The name finds the rule from a server log; the message tells an editor what to do."""
    for constraint in model._meta.constraints:
        assert constraint.name.startswith(f"{model._meta.model_name}_"), constraint.name
        assert constraint.violation_error_message != constraint.default_violation_error_message, constraint.name
        assert constraint.get_violation_error_message().endswith("."), constraint.name


@pytest.mark.parametrize("model", each_model())
def test_text_is_never_null(model):
    """Empty is "": two ways to be empty are one too many."""
    texts = [field for field in own_fields(model) if isinstance(field, models.CharField | models.TextField)]
    assert [field.name for field in texts if field.null] == []


@pytest.mark.parametrize("model", each_model())
def test_no_logic_hides_in_save(model):
    """loaddata and bulk writes never call it."""
    assert {"save", "delete", "save_base"} & set(vars(model)) == set()


def test_no_signals():
    """Call the function: a signal acts at a distance, and not at all in a bulk write."""
    imports = ((path, module) for path in MODULES for module in imported(path))
    wrong = {name_of(path) for path, module in imports if module.endswith((".signals", "dispatch"))}
    assert wrong == set()


def test_files_are_short():
    """About 400 lines, or two subjects in one file: split it."""
    too_long = {
        name_of(path): lines
        for path in (*MODULES, *SCRIPTS)
        if (lines := len(path.read_text().splitlines())) > LONG.get(name_of(path), 400)
    }
    assert too_long == {}


def test_modules_are_named_for_what_they_hold():
    """What is in utils.py? Whatever nobody knew where to put."""
    forbidden = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "manager", "managers"}
    everywhere = [*MODULES, *(ROOT / "tests").rglob("*.py")]
    assert {name_of(path) for path in everywhere if forbidden & {path.stem, *path.relative_to(ROOT).parts}} == set()


@pytest.mark.parametrize("app", ["claims", "sources"])
def test_every_choice_says_what_it_means(app):
    """One comment for each value, for whoever has to choose between two."""
    path = ROOT / app / "choices.py"
    text = path.read_text()
    commented = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT and token.string.strip("# ").endswith(".")
    }
    values = [
        node
        for vocabulary in ast.walk(ast.parse(text))
        if isinstance(vocabulary, ast.ClassDef)
        for node in vocabulary.body
        if isinstance(node, ast.Assign)
    ]
    assert values, "a choices.py without choices"
    assert [ast.unparse(node) for node in values if node.lineno not in commented] == []


INLINE = {
    "style attribute": r"<[^>]*\sstyle\s*=",
    "event attribute": r"<[^>]*\son[a-z]+\s*=",
    "style element": r"<style\b",
    "script without src": r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/(?:ld\+)?json)",
    "javascript address": r"javascript:",
}


@pytest.mark.parametrize("pattern", INLINE.values(), ids=INLINE)
def test_templates_have_no_inline_style_or_script(pattern):
    """The Content-Security-Policy refuses them, silently for whoever wrote the template."""
    wrong = {name_of(path) for path in TEMPLATES if re.search(pattern, path.read_text(), re.IGNORECASE)}
    assert wrong == set()


@pytest.mark.parametrize(
    ("html", "kinds"),
    [
        ('<p style="color:red">', {"style attribute"}),
        ('<a href="#" onclick="go()">', {"event attribute"}),
        ("<script>go()</script>", {"script without src"}),
        ('<script src="/static/a.js" defer></script>', set()),
        ('<a href="javascript:go()">', {"javascript address"}),
        ("<style>p{}</style>", {"style element"}),
        ('<p class="style" data-once="1">on = style</p>', set()),
    ],
)
def test_patterns_of_inline_script_find_it(html, kinds):
    """A pattern that finds nothing looks like clean templates."""
    assert {kind for kind, pattern in INLINE.items() if re.search(pattern, html, re.IGNORECASE)} == kinds


def test_templates_never_mark_text_safe():
    """Words of sources and editors are escaped, always."""
    wrong = {name_of(path) for path in TEMPLATES if re.search(r"\|\s*safe\b|autoescape off", path.read_text())}
    assert wrong == set()
