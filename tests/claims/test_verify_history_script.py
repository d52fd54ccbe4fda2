"""The script that readers check a public history with: it finds whatever was done to one, and passes what was not."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from claims.history_export import lines as lines_of
from claims.leaves import canonical
from claims.merkle import Note, Tree, leaf_hash
from claims.sealing import newest_note, seal
from claims.services import hold
from tests.claims.chronicle import write_history

SCRIPT = Path(settings.BASE_DIR) / "claims/static/claims/verify_history.py"

spec = importlib.util.spec_from_file_location("verify_history", SCRIPT)
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)


class Lines:
    """A file opened for reading bytes."""

    def __init__(self, lines):
        self.lines = iter(lines)

    def readline(self):
        return next(self.lines, b"")


def check(lines, *notes):
    """What the script finds wrong."""
    checkpoints = [(note.size, note.root, f"the checkpoint of {note.size}") for note in notes]
    *wrong, count = script.check(Lines(lines), checkpoints)
    assert count == len(lines)
    return wrong


def changed(lines, old, new):
    """The lines with one word of the last one that holds it changed, and which that was."""
    place = max(place for place, line in enumerate(lines) if old in line)
    return [*lines[:place], lines[place].replace(old, new), *lines[place + 1 :]], place + 1


def rewritten(lines):
    """Every line with another actor and the hash that belongs to it, so that each fits itself."""
    for line in lines:
        parsed = json.loads(line)
        if "event" in parsed:
            parsed["event"]["actor"] = 1
            parsed["leaf"] = leaf_hash(canonical(parsed["event"])).hex()
        yield canonical(parsed) + b"\n"


def checkpoint_of(lines):
    tree = Tree()
    for line in lines:
        tree.append(bytes.fromhex(json.loads(line)["leaf"]))
    return Note("attacker", tree.size, tree.root())


@pytest.fixture(scope="module")
def copies(django_db_setup, django_db_blocker):
    """The public history and its checkpoint, and both when it has grown."""
    with django_db_blocker.unblock(), transaction.atomic():
        chronicle = write_history()
        seal()
        first = list(lines_of(newest_note().size)), newest_note()
        hold(chronicle.statement, by=chronicle.publisher, reason="Somebody doubts it.")
        seal()
        second = list(lines_of(newest_note().size)), newest_note()
        transaction.set_rollback(True)
    return first, second


@pytest.fixture
def history(copies):
    """The lines of a public history, and the checkpoint of it that somebody outside kept."""
    return copies[0]


def test_what_was_not_touched_and_what_has_grown_passes(copies):
    """The longer copy hides what was held meanwhile; the tree is the same."""
    (lines, kept), (grown, later) = copies
    assert check(lines, kept) == []
    assert len(grown) > len(lines)
    assert grown[: len(lines)] != lines
    assert check(grown, kept, later) == []


DOES_NOT_FIT = "the checkpoint of {size} does not fit: of lines 1 to {size} one was changed, moved, added or left out"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'"gist":"no talks ever"', b'"gist":"some talks"', id="payload"),
        pytest.param(b'"actor":', b'"actor":1', id="actor"),
        pytest.param(b'"at":"20', b'"at":"19', id="time"),
    ],
)
def test_finds_a_changed_event(history, old, new):
    lines, kept = history
    tampered, place = changed(lines, old, new)
    # Its hash is left as it was, so the line is named; else the tree no longer fits.
    assert check(tampered, kept) == [f"line {place} tells another event than the one that was sealed"]
    hidden = json.loads(tampered[place - 1])
    hidden["leaf"] = leaf_hash(canonical(hidden["event"])).hex()
    tampered[place - 1] = canonical(hidden) + b"\n"
    assert check(tampered, kept) == [DOES_NOT_FIT.format(size=kept.size)]


def test_finds_a_changed_row_of_a_publication(history):
    lines, kept = history
    tampered, place = changed(lines, b"es gab keine Gespr\xc3\xa4che", b"es gab Gespr\xc3\xa4che")
    (wrong,) = check(tampered, kept)
    assert wrong.startswith(f"line {place} shows another row claims_translation/")


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda lines: [*lines[:5], *lines[6:]], id="deleted"),
        pytest.param(lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], id="swapped"),
        pytest.param(lambda lines: lines[:-3], id="cut"),
        pytest.param(lambda lines: [*lines[:5], lines[5], *lines[5:]], id="inserted"),
        pytest.param(lambda lines: list(rewritten(lines)), id="rewritten"),
    ],
)
def test_finds_what_only_a_checkpoint_from_elsewhere_tells(history, tamper):
    lines, kept = history
    tampered = tamper(lines)
    assert check(tampered, checkpoint_of(tampered)) == [], "the attacker's own checkpoint tells nothing"
    (wrong,) = check(tampered, kept)
    if len(tampered) < kept.size:
        short = f"there are only {len(tampered)} lines, so the end was cut off"
        assert wrong == f"the checkpoint of {kept.size} does not fit: {short}"
    else:
        assert wrong == DOES_NOT_FIT.format(size=kept.size)


def test_tells_between_which_checkpoints_a_history_was_changed(history):
    lines, _ = history
    tampered = [*lines[:9], lines[10], lines[9], *lines[11:]]
    notes = [checkpoint_of(lines[:count]) for count in (4, 9, 11)]
    assert check(tampered, *notes)[0] == (
        "the checkpoint of 11 does not fit: of lines 10 to 11 one was changed, moved, added or left out"
    )


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (b"[]\n", "cannot be read"),
        (b"{\n", "cannot be read"),
        (b'{"leaf":7}\n', "cannot be read"),
        (b'{"leaf": "00"}\n', "is not written as the site writes it"),
        (b'{"leaf":"00"}', "is not written as the site writes it"),
        (b'{"leaf":"00","leaf":"00"}\n', "is not written as the site writes it"),
        (b'{"leaf":"00","note":"verified"}\n', "is not written as the site writes it"),
        (b'{"leaf":"00","shown":{"a/1":{"row":{},"salt":""}}}\n', "shows another row a/1 than the one that was sealed"),
        (b"[" * 200_000 + b"\n", "cannot be read"),
    ],
)
def test_names_a_line_that_is_not_ours(line, wrong):
    assert check([line]) == [f"line 1 {wrong}"]


def test_runs_with_nothing_but_python(history, tmp_path):
    """As a reader runs it: isolated, without the packages of this project."""
    lines, kept = history
    (tmp_path / "history.jsonl").write_bytes(b"".join(lines))
    (tmp_path / "kept.txt").write_text(str(kept))
    command = [sys.executable, "-I", "-S", str(SCRIPT), "history.jsonl", "kept.txt"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (run.stdout, run.stderr, run.returncode) == (f"{kept.size} lines: as the checkpoints say\n", "", 0)
    (tmp_path / "history.jsonl").write_bytes(b"".join(lines[:-1]))
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.endswith(f"{kept.size - 1} lines: WRONG, 1 faults\n")
    assert run.returncode == 1


def test_has_fewer_than_a_hundred_lines():
    assert len(SCRIPT.read_text().splitlines()) < 100
