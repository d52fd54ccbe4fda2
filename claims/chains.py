"""Through whose hands words came: the outlet, the speaker, for whom they speak, whose words they pass on. Pure."""

from dataclasses import dataclass

from claims.choices import CueClass, Determinacy, Mode, RelayCertainty, SpeakerKind
from claims.models import Speaker, Statement

OUTLET, INTERPRETER, SPEAKER, BODY, RELAYED = "outlet", "interpreter", "speaker", "body", "relayed"


@dataclass(frozen=True)
class Hop:
    """One hand: whose it is, how the words came from there, and the word of the source that says so.

    `how` is one of the outlet: direct, indirect, mixed, narrator; of the speaker: said, denied, implicit, inferred; of
    whose words are passed on: explicit, unclear. `via` names the hand before, where the sentence needs it.
    """

    kind: str
    name: str
    url: str = ""
    how: str = ""
    cue: str = ""
    language: str = ""
    via: str = ""
    further: tuple[Speaker, ...] = ()


def chain(statement: Statement) -> list[Hop]:
    """The hands from the outlet back to whose words they are. No query after `for_reading`, `with_words` and `relays`.

    The outlet's own words have one: its own.
    """
    source, speaker = statement.capture.source, statement.speaker
    hops = [Hop(OUTLET, source.outlet.name, source.get_absolute_url(), statement.mode)]
    if statement.mode == Mode.NARRATOR:
        return hops
    if statement.interpreted:
        hops.append(Hop(INTERPRETER, ""))
    further = tuple(statement.further_speakers.all())
    how = _how(statement)
    hops.append(
        Hop(SPEAKER, speaker.name, speaker.get_absolute_url(), how, statement.cue, source.language, "", further)
    )
    if statement.on_behalf_of and statement.on_behalf_of != speaker:
        body = statement.on_behalf_of
        hops.append(Hop(BODY, body.name, body.get_absolute_url(), via=speaker.name))
    if statement.relays:
        how = RelayCertainty(statement.relay_certainty)
        relayed = statement.relays
        url = relayed.get_absolute_url()
        hops.append(Hop(RELAYED, relayed.name, url, how, statement.relay_cue, source.language, speaker.name))
    return hops


def _how(statement: Statement) -> str:
    if statement.speaker.kind != SpeakerKind.UNNAMED and statement.determinacy == Determinacy.INFERRED:
        return "inferred"
    return "denied" if statement.cue_class == CueClass.DENY else "said" if statement.cue else "implicit"
