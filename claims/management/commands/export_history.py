"""Write the public history to a file, the same bytes as /export/history.jsonl."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from claims.history_export import lines
from claims.sealing import newest_note


class Command(BaseCommand):
    help = "Write the public history, one line of JSON for each sealed event, and on request its checkpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="where the history goes: history.jsonl")
        parser.add_argument("--checkpoint", metavar="FILE", type=Path, help="where the checkpoint of it goes")

    def handle(self, *args: Any, **options: Any) -> None:
        note = newest_note()
        quiet = options["verbosity"] == 0 or not self.stderr.isatty()
        progress = tqdm(lines(note.size), total=note.size, unit="event", disable=quiet, file=self.stderr._out)
        path: Path = options["file"]
        # Half a file would look like a history whose end was cut off.
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("wb") as file:
                file.writelines(progress)
            part.replace(path)
            if options["checkpoint"]:
                options["checkpoint"].write_text(str(note), encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
        if options["verbosity"]:
            self.stdout.write(f"{note.size:,} events written to {path}.")
