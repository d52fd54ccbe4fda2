"""What a reader can choose to compare within one story: who spoke in it, by side, and what was said."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from claims.choices import SpeakerKind
from claims.models import Speaker, Statement, Topic
from sources.localising import label

# A reader picks from what fits a page; the list of statements finds the others.
SHOWN = 100


@dataclass(frozen=True)
class Choice:
    """A speaker, and what tells them from others: of an unnamed one the outlet and the day."""

    speaker: Speaker
    detail: str


@dataclass(frozen=True)
class Group:
    """The speakers of one side."""

    label: str
    choices: tuple[Choice, ...]


def statements_to_choose(topic: Topic) -> list[Statement]:
    """The story's newest statements, one more than is shown where there are more. Three queries."""
    rows = Statement.objects.published().of_topic(topic).for_reading().with_words()
    return list(rows.order_by("-said_from", "-pk")[: SHOWN + 1])


def speakers_to_choose(topic: Topic) -> list[Group]:
    """Who spoke in the story, alone or jointly, by side, then those of none. Two queries."""
    said = Statement.objects.published().of_topic(topic)
    joint = Statement.further_speakers.through.objects.filter(statement__in=said.values("pk"))
    spoke = Q(pk__in=said.values("speaker")) | Q(pk__in=joint.values("speaker"))
    rows = Speaker.objects.published().filter(spoke).select_related("side", "only_in__outlet").with_parent()
    groups: dict[tuple[int, int, str], list[Speaker]] = {}
    for speaker in rows.order_by("name", "pk"):
        groups.setdefault(_group_of(speaker), []).append(speaker)
    names = Counter(speaker.name for found in groups.values() for speaker in found)
    return [Group(key[2], tuple(_choices(found, names))) for key, found in sorted(groups.items())]


def _group_of(speaker: Speaker) -> tuple[int, int, str]:
    """Which group, by its place: sides in their order, then the unnamed, outlets and others."""
    if speaker.kind == SpeakerKind.UNNAMED:
        return 1, 0, _("Unnamed sources")
    if speaker.kind == SpeakerKind.OUTLET:
        return 2, 0, _("The outlet itself")
    return (0, speaker.side.order, speaker.side.name) if speaker.side else (3, 0, _("Others"))


def _choices(found: Iterable[Speaker], names: Counter[str]) -> list[Choice]:
    """Namesakes with all that tells them apart, an unnamed one always with its source."""
    details = {speaker.pk: _detail(speaker, names[speaker.name] > 1) for speaker in found}
    repeated = Counter((speaker.name, details[speaker.pk]) for speaker in found)
    return [
        Choice(speaker, f"{details[speaker.pk]}, {speaker.only_in.title}")
        if speaker.only_in and repeated[speaker.name, details[speaker.pk]] > 1
        else Choice(speaker, details[speaker.pk])
        for speaker in found
    ]


def _detail(speaker: Speaker, has_namesake: bool) -> str:
    if speaker.only_in:
        when = speaker.only_in.published
        words = {"outlet": speaker.only_in.outlet.name, "when": label(when)}
        return words["outlet"] if when.precision == "unknown" else _("%(outlet)s, %(when)s") % words
    if not has_namesake:
        return ""
    parent = speaker.parent.name if speaker.parent else ""
    return ", ".join(part for part in (str(speaker.get_kind_display()), parent, speaker.description) if part)
