"""Hold the history against its seals and checkpoints, and say which event differs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from claims.merkle import Note
from claims.verifying import verify

TOLD = 100  # Findings that are written out.


class Command(BaseCommand):
    help = (
        "Make the leaf of every sealed event again and hold it against its seal, and the seals against every "
        "checkpoint. Exits with 1 when anything differs. Only a checkpoint from elsewhere tells of a history that was "
        "rewritten whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint",
            metavar="FILE",
            type=Path,
            help="a checkpoint that was kept elsewhere: /export/checkpoint.txt",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0 or not self.stderr.isatty()
        report = verify(
            kept=self._kept(options["checkpoint"]),
            progress=lambda places, count: tqdm(
                places, total=count, unit="event", disable=quiet, file=self.stderr._out
            ),
        )
        for finding in report.findings[:TOLD]:
            self.stderr.write(finding)
        count = len(report.findings)
        summary = f"{report.sealed:,} sealed events, {report.checkpoints:,} checkpoints checked"
        if count:
            more = f", the first {TOLD} above" if count > TOLD else ", see above"
            raise CommandError(f"{summary}; {count:,} {'finding' if count == 1 else 'findings'}{more}.")
        if options["verbosity"]:
            self.stdout.write(f"{summary}: nothing was changed. {report.unsealed:,} events wait to be sealed.")

    def _kept(self, path: Path | None) -> Note | None:
        if path is None:
            return None
        try:
            return Note.read(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"{path}: {error}") from error
