"""Hold every published quotation against the kept copies, and hold back what no longer stands."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from tqdm import tqdm

from claims.integrity import Report, check_excerpts_against, recheck

LARGEST = 50 * 1024 * 1024  # Bytes of a whole text.


class Command(BaseCommand):
    help = (
        "Hold what is on record against the kept copies. Words that no longer stand there are held back from readers, "
        "with their pairs, and wait in the editors' queue. Exits with 1 when anything fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="check every copy, not only what is new or changed")
        parser.add_argument(
            "--against", metavar="FILE", type=Path, help="hold the excerpts cut from this whole text (UTF-8) against it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["against"]:
            report = self._against(options["against"])
        else:
            quiet = options["verbosity"] == 0 or not self.stderr.isatty()
            report = recheck(
                everything=options["all"],
                progress=lambda keys: tqdm(keys, unit="copy", disable=quiet, file=self.stderr._out),
            )
        for failure in report.failures:
            self.stderr.write(failure)
        summary = f"{report.captures:,} copies, {report.passages:,} passages checked"
        if report.failures:
            count = len(report.failures)
            raise CommandError(
                f"{summary}; {count:,} {'failure' if count == 1 else 'failures'}, see above. Editors decide at "
                f"{settings.SITE_URL}{reverse('desk_queue')}."
            )
        if options["verbosity"]:
            self.stdout.write(f"{summary}: all stand.")

    def _against(self, path: Path) -> Report:
        try:
            if path.stat().st_size > LARGEST:
                raise CommandError(f"{path} is larger than 50 MB: no whole text that we keep excerpts of is.")
            whole = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(
                f"{path} is not UTF-8 (byte {error.start:,}): save it as UTF-8 and try again."
            ) from error
        try:
            return check_excerpts_against(whole)
        except ValueError as error:
            raise CommandError(str(error)) from error
