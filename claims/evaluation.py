"""How many recorded statements the proposals find: the editors' own statements are the careful reading of a capture."""

from claims.choices import AnchorPart, Mode, Status
from claims.models import Statement
from sources.anchoring import Span
from sources.attributions import TURN, propose
from sources.choices import Tier
from sources.evaluation import Case, Gold, Score, score
from sources.models import Capture


def recorded_case(capture: Capture) -> Case:
    """A capture with the statements that stand on it; the outlet's own words are no attribution and left out."""
    gold = []
    statements = Statement.objects.filter(capture=capture).exclude(status=Status.WITHDRAWN).exclude(mode=Mode.NARRATOR)
    for statement in statements.select_related("speaker").prefetch_related("anchors").order_by("pk"):
        placed = [anchor for anchor in statement.anchors.all() if anchor.tier in Tier.found()]
        content = [anchor for anchor in placed if anchor.part == AnchorPart.CONTENT]
        if content:
            quotes = tuple(Span(anchor.start, anchor.end) for anchor in placed if anchor.part == AnchorPart.QUOTE)
            span = Span(min(anchor.start for anchor in content), max(anchor.end for anchor in content))
            gold.append(Gold(span, statement.attributed_as, quotes, statement.speaker.name, name=statement.ref))
    return Case(f"{capture.source.title} ({capture.ref})", capture.text, capture.source.language, gold)


def evaluate_recorded(case: Case) -> Score:
    """Recall only means something here: editors record what matters, not everything that is attributed."""
    proposed = propose(case.text, f"{case.language} en ar").attributions
    return score(case.text, case.gold, [made for made in proposed if made.origin != TURN] or proposed)
