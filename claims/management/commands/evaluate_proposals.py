from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from claims.evaluation import evaluate_recorded, recorded_case
from sources.evaluation import Case, Score, evaluate, gold_cases, total
from sources.models import Capture

_LINE = "{:<44} {:>5} {:>9} {:>6} {:>10} {:>7} {:>8} {:>7}"
_MEANING = (
    "gold: attributions of a careful reading; proposed: by the rules; found: in both; precision: found of proposed; "
    "recall: found of gold; speaker: right ones where the words were found; quoted: quotations found of the reading's."
)
_ALSO = " A dash: editors record what matters, so what is proposed beside it need not be wrong."


class Command(BaseCommand):
    help = (
        "Compare the proposals with the gold set, and with what is recorded from each capture that is no excerpt. "
        "Writes nothing. -v 2 lists what was missed and what was proposed beside it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--gold-only", action="store_true", help="Leave the database's captures out.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.verbose = options["verbosity"] > 1
        cases = gold_cases()
        for held_out in (False, True):
            chosen = [case for case in cases if case.held_out == held_out]
            for turns in (False, True):
                what = "sentences of turns" if turns else "reported speech"
                self._table(
                    f"{what}, {'held out' if held_out else 'used while writing'}",
                    ((case, evaluate(case, turns=turns)) for case in chosen),
                )
        if not options["gold_only"]:
            captures = Capture.objects.filter(is_excerpt=False, statements__isnull=False).distinct()
            recorded = [recorded_case(capture) for capture in captures.select_related("source__outlet").order_by("pk")]
            rows = ((case, evaluate_recorded(case)) for case in recorded if case.gold)
            self._table("recorded statements", rows, precise=False)
        self.stdout.write(f"\n{_MEANING}{'' if options['gold_only'] else _ALSO}")

    def _table(self, title: str, rows: Iterable[tuple[Case, Score]], *, precise: bool = True) -> None:
        kept = [(case, score) for case, score in rows if score.gold or score.proposed]
        if not kept:
            return
        self.stdout.write(f"\n{title}")
        self.stdout.write(_LINE.format("", "gold", "proposed", "found", "precision", "recall", "speaker", "quoted"))
        for case, score in kept:
            self._row(case.name, score, precise=precise)
            if self.verbose:
                for line in score.missed:
                    self.stdout.write(f"    missed   {line}")
                for line in score.spare:
                    self.stdout.write(f"    besides  {line}")
        self._row("total", total(score for _, score in kept), precise=precise)

    def _row(self, name: str, score: Score, *, precise: bool) -> None:
        quoted = f"{score.quotes_found}/{score.quotes}"
        figures = (f"{score.precision:.2f}" if precise else "–", f"{score.recall:.2f}", f"{score.speakers:.2f}")
        self.stdout.write(_LINE.format(name[:44], score.gold, score.proposed, score.found, *figures, quoted))
