"""A run of each management command, in a world where it has something to do."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims import reports, services
from claims.models import Digest, Speaker
from claims.sealing import seal
from tests.factories import CaptureFactory, ReportFactory, SpeakerFactory, StatementFactory
from tests.recorded.world import World


@dataclass(frozen=True)
class Run:
    """The words after the command's name, and the records that it changes; `beside` is what it writes untold."""

    words: tuple[Any, ...] = ()
    of: Callable[[], list[Any]] = list
    beside: frozenset[str] = frozenset()
    finds: str = ""
    """What it says is wrong where it ends as a failure."""

    def go(self, name: str) -> None:
        with pytest.raises(CommandError, match=self.finds) if self.finds else nullcontext():
            call_command(name, *self.words, verbosity=0)


def give_role(w: World, folder: Path) -> Run:
    return Run(("editor", "Auditor", "Publisher"), lambda: [w.editor])


def demo_users(w: World, folder: Path) -> Run:
    people = type(w.editor).objects
    return Run((), lambda: [people.get(username=name) for name in ("admin", "publisher2")])


def recheck(w: World, folder: Path) -> Run:
    """A newer copy of a source, brought by a file and not kept by the desk, lacks the words of a statement."""
    statement = StatementFactory(status="published")
    CaptureFactory(source=statement.capture.source, text="The page was written anew and says nothing of it.")
    return Run((), lambda: [statement], frozenset({"sources_captureindex"}), finds="1 failure")


def send_digests(w: World, folder: Path) -> Run:
    """A mail that is due, an answer to a reader that is due, an address that is kept no longer, and an old attempt."""
    w.publisher.email = "publisher@example.org"
    w.publisher.save()
    Digest.objects.create(user=w.publisher, every="daily")
    w.in_review()
    answered = ReportFactory(email="reader@example.org")
    reports.decide(answered, by=w.editor, state="unchanged", outcome="It stands.", seen=answered.version)
    old = ReportFactory(email="old@example.org", received_at=timezone.now() - timedelta(days=91))
    return Run((), lambda: [w.publisher, answered, old], frozenset({"claims_report.email"}))


def seal_history(w: World, folder: Path) -> Run:
    SpeakerFactory()
    return Run((), beside=frozenset({"claims_seal", "claims_checkpoint"}))


def verify_history(w: World, folder: Path) -> Run:
    seal()
    return Run()


def export_history(w: World, folder: Path) -> Run:
    w.public()
    seal()
    return Run((folder / "history.jsonl", "--checkpoint", folder / "checkpoint.txt"))


def evaluate_proposals(w: World, folder: Path) -> Run:
    services.submit(w.draft(), by=w.editor)
    return Run()


def loaddata(w: World, folder: Path) -> Run:
    """One speaker is new, one is changed, one is there as the file has it."""
    known = SpeakerFactory.create_batch(2)
    path = speakers_in(folder, [*known, SpeakerFactory.build(name="New", slug="new")], {known[0].slug: "Changed"})
    return Run((path,), lambda: [known[0], Speaker.objects.get(slug="new")])


def speakers_in(folder: Path, speakers: list[Speaker], names: dict[str, str]) -> Path:
    """A file of these speakers, some under other names (slug → name)."""
    rows = json.loads(serializers.serialize("json", speakers, use_natural_primary_keys=True))
    for row in rows:
        row["fields"]["name"] = names.get(row["fields"]["slug"], row["fields"]["name"])
    path = folder / "speakers.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


# Command → a run of it. What writes nothing has no records and nothing beside.
RUNS: dict[str, Callable[[World, Path], Run]] = {
    "demo_users": demo_users,
    "evaluate_proposals": evaluate_proposals,
    "export_history": export_history,
    "give_role": give_role,
    "loaddata": loaddata,
    "recheck": recheck,
    "seal_history": seal_history,
    "send_digests": send_digests,
    "verify_history": verify_history,
}
