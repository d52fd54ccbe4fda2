"""Speakers: the list, and one with own words and those of who speaks for it."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.accounts import account
from claims.choices import Finding, Pattern, Rank
from claims.corrections_shown import corrections_of_record
from claims.filters import SpeakerFilter, said_by, with_voice
from claims.models import Contradiction, Position, Speaker, Statement
from claims.views.moved import leads_on
from claims.views.records import listing


@require_safe
def speaker_list(request: HttpRequest) -> HttpResponse:
    rows = Speaker.objects.published().select_related("side").with_parent().with_counts().with_corrections()
    return listing(request, SpeakerFilter(request.GET, queryset=rows), "claims/speaker_list.html")


@require_safe
@leads_on(Speaker)
def speaker_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Own words, words said for it, answers by question, reversals."""
    speakers = Speaker.objects.published().select_related("side").with_parent()
    speaker = get_object_or_404(speakers.prefetch_related("names"), slug=slug)
    public = Statement.objects.published().for_reading().with_words().order_by("said_from", "pk")
    own = public.filter(pk__in=said_by([speaker]))
    spoken_for = public.filter(on_behalf_of=speaker).exclude(speaker=speaker)
    said = Prefetch("statement", Statement.objects.for_reading())
    positions = Position.objects.published().filter(statement__in=said_by([speaker]))
    pairs = list(Contradiction.objects.published().for_reading().filter(with_voice([speaker])).order_by("pk"))
    context = {
        "speaker": speaker,
        "own": [account(s) for s in own],
        "spoken_for": [account(s) for s in spoken_for],
        "relayed": [account(s) for s in public.filter(relays=speaker)],
        "positions": positions.select_related("question__topic")
        .prefetch_related(said)
        .order_by("question__topic__order", "question__order", "statement__said_from", "pk"),
        "pairs": pairs,
        "reversals": [pair for pair in pairs if _reverses(pair, speaker)],
        "corrections": corrections_of_record(speaker),
    }
    return render(request, "claims/speaker_detail.html", context)


def _reverses(pair: Contradiction, speaker: Speaker) -> bool:
    """Whether this speaker, and no other of the same body, said both, and they pull apart."""
    if Rank.MISATTRIBUTED in {pair.first.rank, pair.second.rank}:
        return False
    voices = [(s.speaker, *s.further_speakers.all()) for s in (pair.first, pair.second)]
    one_voice = pair.pattern in {Pattern.REVERSAL, Pattern.SELF_CONTRADICTION}
    return one_voice and pair.finding != Finding.APPARENT_ONLY and all(speaker in voice for voice in voices)
