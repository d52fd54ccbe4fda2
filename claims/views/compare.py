"""Any 2 to 6 statements side by side, or 2 to 6 speakers question by question; else a chooser, in two steps."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.choices import ReplyState
from claims.choosing import SHOWN, speakers_to_choose, statements_to_choose
from claims.matrices import speakers_matrix
from claims.models import Position, Reply, Speaker, Statement, Topic
from claims.related import related
from claims.side_by_side import met, optional_rows, placed
from claims.utterances import wordings
from claims.views.moved import with_present_names

FEWEST, MOST = 2, 6


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Chooses by the parameters: `statement` repeated, or `topic` with `speaker` repeated; both at once is 400."""
    refs, slugs = (list(dict.fromkeys(v for v in request.GET.getlist(k) if v)) for k in ("statement", "speaker"))
    topic = request.GET.get("topic", "")
    if refs and (slugs or topic):
        return _stories(request, _("Compare statements or speakers, not both at once."))
    if refs:
        return _statements(request, refs)
    if topic:
        return _speakers(request, topic, slugs)
    return _stories(request, _("Choose a topic to compare speakers on.") if slugs else "")


def _stories(request: HttpRequest, problem: str = "") -> HttpResponse:
    """The first step of the chooser."""
    context = {"problem": problem, "topics": Topic.objects.published().with_counts()}
    return render(request, "claims/compare_chooser.html", context, status=400 if problem else 200)


def _within(request: HttpRequest, topic: Topic, chosen: list[str], problem: str) -> HttpResponse:
    """The second step: who spoke in the story, and what was said."""
    statements = statements_to_choose(topic)
    context = {
        "problem": problem,
        "topic": topic,
        "groups": speakers_to_choose(topic),
        "chosen": chosen,
        "statements": statements[:SHOWN],
        "more": len(statements) > SHOWN,
    }
    return render(request, "claims/compare_chooser.html", context, status=400 if problem else 200)


def _statements(request: HttpRequest, refs: list[str]) -> HttpResponse:
    if not FEWEST <= len(refs) <= MOST:
        problem = _("Choose %(fewest)s to %(most)s different statements; this address names %(number)s.")
        return _stories(request, problem % {"fewest": FEWEST, "most": MOST, "number": len(refs)})
    keys = dict(Statement.objects.published().filter(ref__in=_plain(refs)).values_list("ref", "pk"))
    if len(keys) < len(refs):
        raise Http404
    rows = Statement.objects.for_reading().with_words().select_related("relays").prefetch_related("translations")
    around = related(keys.values(), rows)
    chosen = [around.statements[keys[ref]] for ref in refs]
    positions = Position.objects.published().filter(statement__in=chosen).select_related("question__topic")
    accounts = met(placed(chosen, around), around, positions.order_by("question__topic", "question__order", "pk"))
    replies = list(Reply.objects.filter(statement__in=chosen))
    context = {
        "placed": accounts,
        "rows": optional_rows(accounts),
        "replies": replies,
        "answered": replies or any(s.reply_state != ReplyState.NOT_SOUGHT for s in chosen),
        "wordings": wordings(chosen),
    }
    return render(request, "claims/compare_statements.html", context)


def _speakers(request: HttpRequest, topic_slug: str, slugs: list[str]) -> HttpResponse:
    topic = Topic.objects.published().filter(slug__in=_plain([topic_slug])).first()
    speakers = {s.slug: s for s in Speaker.objects.published().filter(slug__in=_plain(slugs))} if slugs else {}
    if topic is None or (FEWEST <= len(slugs) <= MOST and len(speakers) < len(slugs)):
        if led := with_present_names(request):
            return led
        raise Http404
    if slugs and not FEWEST <= len(slugs) <= MOST:
        problem = _("Choose %(fewest)s to %(most)s speakers; this address names %(number)s.")
        return _within(request, topic, slugs, problem % {"fewest": FEWEST, "most": MOST, "number": len(slugs)})
    if not slugs:
        return _within(request, topic, [], "")
    table = speakers_matrix(topic, [speakers[slug] for slug in slugs])
    return render(request, "claims/compare_speakers.html", {"topic": topic, "matrix": table})


def _plain(values: list[str]) -> list[str]:
    """Without the character that PostgreSQL cannot take: no record has it."""
    return [value for value in values if "\0" not in value]
