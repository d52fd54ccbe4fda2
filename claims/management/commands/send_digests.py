"""Mail what waits, and what came of readers' reports; then forget the addresses that are needed no longer."""

import logging
from collections.abc import Callable, Iterable
from smtplib import SMTPException
from typing import Any

from django.core.mail import InvalidMailer
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims import alerts, digests, reports

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Mail each person at the desk what waits for them, as often as they asked, each reader what came of their "
        "report, once, and what is new of a filter that they follow. Safe to run every hour. Exits with 1 when a mail "
        "could not be sent; the next run tries again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.now().date()
        sent, lost = self._each(digests.due(today), lambda digest: digests.send(digest, today))
        answered, unanswered = self._each(reports.answers_due(), reports.answer)
        now = timezone.now()
        told, untold = self._each(alerts.due(now), lambda alert: alerts.send(alert, now))
        forgotten = reports.forget()
        summary = (
            f"{sent} digests, {answered} answers and {told} alerts to readers; "
            f"{forgotten} addresses or messages deleted"
        )
        if failed := lost + unanswered + untold:
            raise CommandError(f"{summary}. {failed} mails could not be sent; the log says why.")
        if options["verbosity"]:
            self.stdout.write(f"{summary}.")

    def _each(self, rows: Iterable[Any], send: Callable[[Any], bool]) -> tuple[int, int]:
        """How many mails went out, and how many could not. No address goes into the log."""
        sent = failed = 0
        for row in rows:
            try:
                sent += send(row)
            except (OSError, SMTPException, InvalidMailer) as error:
                failed += 1
                logger.error(
                    "A mail could not be sent (%s %s): %s.", row._meta.verbose_name, row.pk, type(error).__name__
                )
        return sent, failed
