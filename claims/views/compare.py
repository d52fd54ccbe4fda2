"""Any 2 to 6 statements side by side, or 2 to 6 speakers question by question; bare, a chooser."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.accounts import account
from claims.choices import ReplyState
from claims.comparison import word_diff
from claims.matrices import speakers_matrix
from claims.models import Position, Reply, Speaker, Statement, Topic
from claims.views.moved import with_present_names

FEWEST, MOST = 2, 6


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Chooses by the parameters: `statement` repeated, or `topic` with `speaker` repeated; both at once is 400."""
    refs, slugs = (list(dict.fromkeys(v for v in request.GET.getlist(k) if v)) for k in ("statement", "speaker"))
    topic = request.GET.get("topic", "")
    if refs and (slugs or topic):
        return _chooser(request, "Compare statements or speakers, not both at once.")
    if refs:
        return _statements(request, refs)
    if slugs or topic:
        return _speakers(request, topic, slugs)
    return _chooser(request)


def _chooser(request: HttpRequest, problem: str = "") -> HttpResponse:
    context = {
        "problem": problem,
        "topics": Topic.objects.published(),
        "speakers": Speaker.objects.published(),
        "chosen": request.GET.getlist("speaker"),
        "topic": request.GET.get("topic", ""),
    }
    return render(request, "claims/compare_chooser.html", context, status=400 if problem else 200)


def _statements(request: HttpRequest, refs: list[str]) -> HttpResponse:
    if not FEWEST <= len(refs) <= MOST:
        return _chooser(request, f"Choose {FEWEST} to {MOST} different statements; this address names {len(refs)}.")
    found = {s.ref: s for s in Statement.objects.published().for_reading().filter(ref__in=_plain(refs)).with_words()}
    if len(found) < len(refs):
        raise Http404
    chosen = [found[ref] for ref in refs]
    positions = Position.objects.published().filter(statement__in=chosen).select_related("question__topic")
    one, other = chosen[:2]
    reworded = len(chosen) == FEWEST and (one.same_words_as_id or one.pk) == (other.same_words_as_id or other.pk)
    context = {
        "accounts": [account(s) for s in chosen],
        "positions": positions.order_by("question__topic", "question__order", "pk"),
        "replies": list(Reply.objects.filter(statement__in=chosen)),
        "allegations": any(s.reply_state != ReplyState.NOT_SOUGHT for s in chosen),
        "diff": word_diff(one.content, other.content) if reworded else [],
    }
    return render(request, "claims/compare_statements.html", context)


def _speakers(request: HttpRequest, topic_slug: str, slugs: list[str]) -> HttpResponse:
    if not topic_slug:
        return _chooser(request, "Choose a topic to compare speakers on.")
    if not FEWEST <= len(slugs) <= MOST:
        return _chooser(request, f"Choose {FEWEST} to {MOST} speakers; this address names {len(slugs)}.")
    topic = Topic.objects.published().filter(slug__in=_plain([topic_slug])).first()
    speakers = {s.slug: s for s in Speaker.objects.published().filter(slug__in=_plain(slugs))}
    if topic is None or len(speakers) < len(slugs):
        if led := with_present_names(request):
            return led
        raise Http404
    table = speakers_matrix(topic, [speakers[slug] for slug in slugs])
    return render(request, "claims/compare_speakers.html", {"topic": topic, "matrix": table})


def _plain(values: list[str]) -> list[str]:
    """Without the character that PostgreSQL cannot take: no record has it."""
    return [value for value in values if "\0" not in value]
