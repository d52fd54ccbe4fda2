"""From one pair to the next: within its story, and on its question."""

from dataclasses import dataclass

from claims.models import Contradiction


@dataclass(frozen=True)
class Step:
    """A neighbouring pair: its reference, and whether it is on the same question."""

    ref: str
    same_question: bool


@dataclass(frozen=True)
class Steps:
    """Where a pair stands among those of its story, in the order of the questions; `number` counts from 1."""

    number: int
    total: int
    previous: Step | None
    following: Step | None


def steps(pair: Contradiction) -> Steps | None:
    """The pair's neighbours; None for one that is not public. One query, of three columns of the story's pairs."""
    rows = Contradiction.objects.published().filter(question__topic=pair.question.topic_id)
    found = list(rows.order_by("question__order", "question", "pk").values_list("pk", "ref", "question_id"))
    at = next((number for number, (key, _, _) in enumerate(found) if key == pair.pk), None)
    if at is None:
        return None

    def step(to: int) -> Step | None:
        if not 0 <= to < len(found):
            return None
        _, ref, question = found[to]
        return Step(ref, question == pair.question_id)

    return Steps(at + 1, len(found), step(at - 1), step(at + 1))
