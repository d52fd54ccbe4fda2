"""Proposals on a capture's page: attributions found by rule, for an editor to accept, change or reject one by one.

Nothing is stored by showing them, and nothing is ever published here. “Accept” files a draft through the form of a new
statement, with all its checks, where the words for the speaker name exactly one known speaker; else it leads to that
form. “Change” leads there at once. “Reject” is remembered, and can be taken back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from claims.admin.selecting import SelectingAdmin
from claims.choices import AnchorPart, CueClass, Mode, NameKind, Polarity, SpeakerKind, Status
from claims.models import Anchor, Rejection, Speaker, Statement
from claims.roles import readable
from sources.admin.captures import CaptureAdmin
from sources.anchoring import Span
from sources.attributions import TURN, Attribution, Flag, propose
from sources.choices import Tier
from sources.desk import short
from sources.marking import Mark, Segment, segments
from sources.models import Capture

PER_PAGE = 30
LONGEST = 200_000  # Code points; for a longer text proposals are made when they are asked for.
OPEN, RECORDED, REJECTED = "open", "recorded", "rejected"
_GONE = "This proposal is not offered any more; the page shows what is."
_NOT_WORDS = re.compile(r"\s+")
_PARTS = re.compile(r"\s*[,،;()\[\]]\s*|\s+[–—-]\s+")
_LONGEST_NAME = 6  # Words of a person's name.
_ROLE = (
    r"(?:spokes\w+|minister|president|premier|secretary|envoy|mayor|governor|general|senator|king|prince|mrs?|ms|dr)"
)
_PREPOSITION = r"(?:for|to|by|with|from|against|about|under)"
# Words before a name that make the speaker somebody else: a lawyer for, an aide to the mayor, Ann Lee and, مكتب.
_SOMEBODY_ELSE = re.compile(
    rf"(?:^|\s)(?:and|or|&|باسم|عن|مع|إلى|من|(?:of|{_PREPOSITION})(?: (?:the|an?|former|then|late))*"
    rf"|of(?: the)? {_ROLE}|{_PREPOSITION} (?:\w+ ){{0,3}}{_ROLE})\.?$|^(?!ال)[\u0621-\u064a]+$"
)
_FOLLOWS = {"of", "from", "in", "at", "the", "who"}  # What may stand behind a name: Ann Lee of the port office.


@dataclass(frozen=True)
class Offer:
    """One proposal as the page shows it; `place` names it in the form, `url` is the record or the prefilled form."""

    number: int
    made: Attribution
    state: str
    place: str
    words: list[Segment]
    speaker: str
    taken_for: str
    cue: str
    says: str
    url: str


@dataclass(frozen=True)
class Flagged:
    words: str
    reason: str


def offers(capture: Capture, user: Any) -> tuple[list[Offer], list[Flagged]]:
    """Every proposal with its state, in the order of the text, and the flagged quotations; two queries."""
    proposals = propose(capture.text, f"{capture.source.language} en ar")
    known = readable(user, Statement.objects.filter(capture=capture)).values("pk")
    content = Anchor.objects.filter(part=AnchorPart.CONTENT, tier__in=Tier.found(), statement__in=known)
    recorded = [
        (Span(start, end), key)
        for start, end, key in content.exclude(statement__status=Status.WITHDRAWN)
        .order_by("start")
        .values_list("start", "end", "statement_id")
    ]
    rejected = set(Rejection.objects.filter(capture=capture).values_list("start", "end"))
    found = []
    for number, made in enumerate(proposals.attributions, start=1):
        key = next((key for span, key in recorded if span.overlap(made.content)), None)
        at = (made.content.start, made.content.end)
        state = RECORDED if key else REJECTED if at in rejected else OPEN
        url = reverse("admin:claims_statement_change", args=[key]) if key else form_address(capture, made)
        found.append(_offer(capture.text, number, made, state, url))
    return found, [_flagged(capture.text, flag) for flag in proposals.flagged]


def _offer(text: str, number: int, made: Attribution, state: str, url: str) -> Offer:
    words = made.content.of(text)
    quoted = [] if made.origin == TURN else [Mark(*_within(span, made.content), "quoted") for span in made.quoted]
    says = Mode(made.mode).label.lower()
    if made.polarity == Polarity.DENY:
        says += ", " + Polarity.DENY.label.lower()
    return Offer(
        number,
        made,
        state,
        f"{made.content.start}-{made.content.end}",
        segments(words, quoted),
        _one_line(made.speaker.of(text)) if made.speaker else "",
        made.named,
        _cue(text, made),
        says,
        url,
    )


def _flagged(text: str, flag: Flag) -> Flagged:
    return Flagged(short(flag.span.of(text)), flag.reason)


def _within(span: Span, whole: Span) -> tuple[int, int]:
    return span.start - whole.start, span.end - whole.start


def _one_line(words: str) -> str:
    return _NOT_WORDS.sub(" ", words).strip()


def _cue(text: str, made: Attribution) -> str:
    return " … ".join(_one_line(place.of(text)) for place in made.cue)


def form_address(capture: Capture, made: Attribution) -> str:
    """The form of a new statement with these words selected (claims/forms/selection.py)."""
    asked: list[tuple[str, str]] = [("capture", str(capture.pk))]
    for name, spans in (
        ("content", (made.content,)),
        ("quote", made.quoted),
        ("cue", made.cue),
        ("speaker", (made.speaker,) if made.speaker else ()),
    ):
        asked += [(name, f"{span.start}-{span.end}") for span in spans]
    if made.determinacy != "explicit":
        asked.append(("determinacy", made.determinacy))
    return f"{reverse('admin:claims_statement_add')}?{urlencode(asked)}"


def _names_in(words: str) -> Iterator[tuple[str, bool]]:
    """Two to six words of a speaker's that may be a person's name, each with whether they would name the speaker.

    They do with a role before or after them, "The water minister, Ann Lee" and "mayor Ann Lee", but not where they tell
    whose somebody is: "a spokesman for Ann Lee".
    """
    for part in _PARTS.split(words):
        split = part.split()
        for start, end in combinations(range(len(split) + 1), 2):
            if 2 <= end - start <= _LONGEST_NAME:
                follows = end == len(split) or split[end] in _FOLLOWS
                yield " ".join(split[start:end]), follows and not _SOMEBODY_ELSE.search(" ".join(split[:start]))


def known_speakers(words: str, capture: Capture, *, mentioned: bool = False) -> QuerySet[Speaker]:
    """The speakers that printed words name: by a whole name, or by a person's name with a role before or after it.

    With those whom the words only mention ("a spokesman for Ann Lee") if `mentioned`. Metonyms ("Baghdad") are left to
    the editor, and an unnamed speaker is one of its own source only.
    """
    words = _one_line(words).casefold()
    whole = {words, words.removeprefix("the ")}
    people = {name for name, named in _names_in(words) if named or mentioned} - whole
    speakers = Speaker.objects.annotate(low=Lower("name"), other=Lower("names__text"))
    full = Q(low__in=whole) | (Q(other__in=whole) & ~Q(names__kind=NameKind.METONYM))
    person = Q(kind=SpeakerKind.PERSON) & (Q(low__in=people) | Q(other__in=people))
    here = ~Q(kind=SpeakerKind.UNNAMED) | Q(only_in=capture.source_id)
    return speakers.filter(full | person).filter(here).order_by("pk").distinct()


def _one_speaker(text: str, made: Attribution, capture: Capture) -> tuple[Speaker | None, str]:
    """The likely speaker of a proposal, and why an editor has to choose all the same ("" where there is no need)."""
    printed = _one_line(made.speaker.of(text)) if made.speaker else ""
    words = made.named or (printed if made.determinacy == "explicit" else "")
    if not words:
        return None, f"“{printed}” stands for somebody whom the text before does not tell; choose the speaker."
    mentioned = set(known_speakers(words, capture, mentioned=True))
    if printed and not mentioned and made.determinacy == "explicit":
        words = printed
        mentioned = set(known_speakers(words, capture, mentioned=True))
    named = set(known_speakers(words, capture))
    likely = named.pop() if len(named) == 1 else None
    if made.determinacy == "inferred":
        return likely, "No speaker is printed for these words; choose who speaks."
    if len(mentioned) > 1:
        return likely, f"“{words}” matches {len(mentioned)} speakers; choose the one that is meant."
    if likely:
        return likely, ""
    return None, f"No speaker is known as “{words}”; choose one or add one."


def _panel(request: HttpRequest, capture: Capture) -> str:
    """The list on the capture's page: one page of it, and what was flagged."""
    if not admin.site.get_model_admin(Statement).has_add_permission(request):
        return ""
    if len(capture.text) > LONGEST and "proposals" not in request.GET:
        return render_to_string("admin/claims/_proposals.html", {"too_long": f"{LONGEST:,}"})
    found, flagged = offers(capture, request.user)
    asked = request.GET.get("proposals", "")
    last = max(1, -(-len(found) // PER_PAGE))
    page = min(last, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return render_to_string(
        "admin/claims/_proposals.html",
        {
            "capture": capture,
            "offers": found[(page - 1) * PER_PAGE : page * PER_PAGE],
            "flagged": flagged if page == 1 else [],
            "count": len(found),
            "open": sum(offer.state == OPEN for offer in found),
            "page": page,
            "pages": range(1, last + 1) if last > 1 else [],
            "decide_url": reverse("admin:claims_statement_proposals", args=[capture.pk]),
        },
        request=request,
    )


CaptureAdmin.below = staticmethod(_panel)


class ProposingAdmin(SelectingAdmin):
    """The room of statements, which also decides on proposals."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decide_view)
        return [path("proposals/<int:pk>/", view, name="claims_statement_proposals"), *super().get_urls()]

    @method_decorator(require_POST)
    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept, reject or take back the rejection of one proposal."""
        with self.at_work(request):
            return self._decide(request, pk)

    def _decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        # Decisions on one capture wait for each other: whoever comes second sees what the first recorded.
        locked = Capture.objects.select_for_update(of=("self",), no_key=True)
        capture = locked.select_related("source__outlet").filter(pk=pk).first()
        if capture is None:
            raise Http404
        place = request.POST.get("place", "")
        offer = next((one for one in offers(capture, request.user)[0] if one.place == place), None)
        if offer is None:
            self.message_user(request, _GONE, messages.WARNING)
            return self._back(request, capture)
        decision = request.POST.get("decision", "")
        if decision == "reject" and offer.state == OPEN:
            start, end = offer.made.content.start, offer.made.content.end
            by = request.user.get_username()
            Rejection.objects.get_or_create(capture=capture, start=start, end=end, defaults={"by": by})
        elif decision == "undo" and offer.state == REJECTED:
            Rejection.objects.filter(
                capture=capture, start=offer.made.content.start, end=offer.made.content.end
            ).delete()
        elif decision == "accept" and offer.state == OPEN:
            return self._accept(request, capture, offer)
        else:
            self.message_user(request, _GONE, messages.WARNING)
        return self._back(request, capture, offer)

    def _back(self, request: HttpRequest, capture: Capture, offer: Offer | None = None) -> HttpResponseRedirect:
        """To the list on the capture's page, at the place where the editor was."""
        page = (offer.number - 1) // PER_PAGE + 1 if offer else 1
        anchor = f"proposal-{offer.number}" if offer else "proposals"
        address = reverse("admin:sources_capture_change", args=[capture.pk])
        return HttpResponseRedirect(f"{address}?proposals={page}#{anchor}")

    def _accept(self, request: HttpRequest, capture: Capture, offer: Offer) -> HttpResponse:
        speaker, why = _one_speaker(capture.text, offer.made, capture)
        form = f"{offer.url}&speaker={speaker.pk}" if speaker else offer.url
        if speaker is None or why:
            self.message_user(request, f"Not recorded yet. {why}", messages.WARNING)
            return HttpResponseRedirect(form)
        sent = self._as_sent(request, capture, offer.made, speaker)
        sent["csrfmiddlewaretoken"] = request.POST.get("csrfmiddlewaretoken", "")
        request.POST = sent  # type: ignore[assignment]
        response = self.add_view(request)
        if isinstance(response, HttpResponseRedirect):
            return self._back(request, capture, offer)
        errors = response.context_data["adminform"].form.errors  # type: ignore[attr-defined]
        for message in (message for found in errors.values() for message in found):
            self.message_user(request, f"Not recorded yet. {message}", messages.WARNING)
        return HttpResponseRedirect(form)

    def _as_sent(self, request: HttpRequest, capture: Capture, made: Attribution, speaker: Speaker) -> QueryDict:
        """What the form of a new statement would send, filled in from a proposal."""
        text = capture.text
        sent = QueryDict(mutable=True)
        for field in self.get_form(request)():
            value = field.value()
            if value not in (None, False) and not isinstance(value, list):
                sent[field.html_name] = str(value)
        sent.update(
            {
                "capture": str(capture.pk),
                "speaker": str(speaker.pk),
                "content": made.content.of(text),
                "content_at": str(made.content.start),
                "quoted": "\n\n".join(span.of(text) for span in made.quoted),
                "mode": made.mode,
                "cue": _cue(text, made),
                "cue_at": ",".join(str(place.start) for place in made.cue),
                "cue_class": made.cue_class if made.cue else CueClass.IMPLICIT,
                "polarity": made.polarity,
                "determinacy": made.determinacy,
            }
            | {f"quoted_at_{number}": str(span.start) for number, span in enumerate(made.quoted)}
        )
        if made.speaker:
            sent["attributed_as"] = _one_line(made.speaker.of(text))
            sent["speaker_at"] = str(made.speaker.start)
        return sent
