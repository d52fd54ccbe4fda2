"""Put what changed since the last pass into the tree of hashes; once, or again and again."""

import contextlib
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from tqdm import tqdm

from claims.sealing import newest_note, seal


class Command(BaseCommand):
    help = (
        "Seal every committed event that is not sealed yet, and make a checkpoint. It blocks nobody, can be stopped or "
        "killed at any time, and several may run at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", metavar="SECONDS", type=float, help="go on for ever, with this pause in between")

    def handle(self, *args: Any, **options: Any) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            self._pass(options["verbosity"])
            while options["every"] is not None:
                connection.close()
                time.sleep(options["every"])
                self._pass(options["verbosity"])

    def _pass(self, verbosity: int) -> None:
        quiet = verbosity == 0 or not self.stderr.isatty()
        count = seal(progress=lambda keys: tqdm(keys, unit="event", disable=quiet, file=self.stderr._out))
        if verbosity:
            note = newest_note()
            self.stdout.write(f"{count:,} events sealed; {note.origin} has {note.size:,}.")
