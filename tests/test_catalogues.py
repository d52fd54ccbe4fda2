"""The catalogues of messages: complete in every language, true to the code, and compiled as they are written."""

import ast
import io
import re
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import ngettext, override
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _ in settings.LANGUAGES]
# What marks a message in Python: how many of its first arguments name it, and whether the first is a context.
MARKS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (False, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (True, 1)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (False, 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (True, 2)),
}


def in_python(code):
    """Messages as (context, singular)."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            context, _number = MARKS[node.func.id]
            named = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if named:
                yield (named[0], named[1]) if context else (None, named[0])


def in_template(text):
    """What Django's own extraction makes of a template is a row of calls with texts around them."""
    calls = re.findall(
        r"""\bn?p?gettext\((?:u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')[,\s]*)+|\b_\((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""",
        text,
    )
    for call in calls:
        yield from in_python(f"{call.rstrip().rstrip(',')})")


def messages():
    found = set()
    for folder in ("claims", "sources", "config"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(in_python(path.read_text()))
    templates = ROOT / "templates"
    for path in [*templates.rglob("*.html"), *templates.rglob("*.txt")]:
        if path.is_relative_to(ROOT / "templates" / "admin"):
            continue  # The desk speaks English; some of its templates take up Django's own messages.
        found |= set(in_template(templatize(path.read_text())))
    return found


def catalogue(code):
    with (ROOT / "claims" / "locale" / code / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def forms(message):
    return message.string if isinstance(message.string, (tuple, list)) else (message.string,)


def named(message):
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_of_the_code_is_in_the_catalogue_and_no_other(code):
    written = {(message.context, named(message)) for message in catalogue(code) if message.id}
    asked = messages()
    assert len(asked) > 500
    assert sorted(map(str, asked - written)) == []
    assert sorted(map(str, written - asked)) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_is_translated(code):
    assert [named(m) for m in catalogue(code) if m.id and (m.fuzzy or not all(forms(m)))] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_names_and_tags_are_kept(code):
    """A translation that loses a name loses a word of the page; one that loses a tag breaks it."""

    def parts(text):
        names = re.findall(r"%\((\w+)\)s|%s", text) if "%" in text else []
        braces = [name for _, name, _, _ in Formatter().parse(text) if name] if "%(" not in text else []
        return sorted(names), sorted(braces), sorted(re.findall(r"</?\w+", text))

    broken = []
    for message in catalogue(code):
        if message.id:
            allowed = [parts(each) for each in (message.id if isinstance(message.id, (tuple, list)) else [message.id])]
            broken += [(named(message), form) for form in forms(message) if parts(form) not in allowed]
    assert broken == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_compiled_catalogue_is_the_written_one(code):
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    with (ROOT / "claims" / "locale" / code / "LC_MESSAGES" / "django.mo").open("rb") as file:
        found, written = (GNUTranslations(each)._catalog for each in (file, compiled))
    del found[""], written[""]  # The heading: each program writes it in its own way.
    assert found == written


def test_each_number_has_its_form():
    """One, two, a few, many, a hundred: the rule of the catalogue is CLDR's, and Django goes by it."""
    with override("ar"):
        forms = [ngettext("%(shown)s statement", "%(shown)s statements", n) for n in (1, 2, 3, 10, 11, 99, 100, 103)]
    assert forms == [
        "تصريح واحد (%(shown)s)",
        "تصريحان (%(shown)s)",
        *["%(shown)s تصريحات"] * 2,
        *["%(shown)s تصريحًا"] * 2,
        "%(shown)s تصريح",
        "%(shown)s تصريحات",
    ]


def test_english_is_what_the_code_says():
    assert [named(m) for m in catalogue("en") if m.id and forms(m)[0] != named(m)] == []


def test_arabic_is_arabic():
    """No message was left in English but names, and what is no words at all."""
    plain = {named(m) for m in catalogue("ar") if m.id and not re.search("[\u0600-\u06ff]", "".join(forms(m)))}
    assert {each for each in plain if re.search("[A-Za-z]{2}", re.sub(r"%\(\w+\)s|<[^>]*>", "", each))} == set()
