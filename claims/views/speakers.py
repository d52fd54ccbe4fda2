"""Speakers: the list, and one with own words and those of who speaks for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims.corrections_shown import corrections_of_record
from claims.filters import SpeakerFilter
from claims.models import Speaker
from claims.views.moved import leads_on
from claims.views.records import listing
from claims.voices import answers_over_time, roles, voice


@require_safe
def speaker_list(request: HttpRequest) -> HttpResponse:
    rows = Speaker.objects.published().select_related("side").with_parent().with_counts().with_corrections()
    return listing(request, SpeakerFilter(request.GET, queryset=rows), "claims/speaker_list.html")


@require_safe
@leads_on(Speaker)
def speaker_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Roles over time, own words, words said for it, answers by question, reversals, two voices, pairs."""
    speakers = Speaker.objects.published().select_related("side", "only_in__outlet").with_parent().with_counts()
    speaker = get_object_or_404(speakers.prefetch_related("names"), slug=slug)
    positions = list(answers_over_time(speaker))
    for position in positions:
        position.statement.corrected = position.corrected  # type: ignore[attr-defined]
    context = {
        "speaker": speaker,
        "roles": roles(speaker),
        "positions": positions,
        "voice": voice(speaker),
        "corrections": corrections_of_record(speaker),
    }
    return render(request, "claims/speaker_detail.html", context)
