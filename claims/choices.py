"""The closed vocabularies of claims: each value with one comment that says what it means to a reader.

The terms are the field's own: attribution annotation (PARC, PDTB), contradictions (de Marneffe et al. 2008).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpeakerKind(models.TextChoices):
    PERSON = "person", _("Person")  # One named human being.
    INSTITUTION = "institution", _("Institution")  # A ministry, agency, company, court.
    OFFICE = "office", _("Office")  # A post, whoever holds it: “the White House press office”.
    GOVERNMENT = "government", _("Government")  # A state's government as a whole.
    GROUP = "group", _("Group")  # A party, militia, family, union.
    OUTLET = "outlet", _("Outlet")  # The publication itself, speaking in its own voice.
    UNNAMED = "unnamed", _("Unnamed")  # Somebody the source does not name.


class NameKind(models.TextChoices):
    OFFICIAL = "official", _("Official")  # The full, formal name.
    SHORT = "short", _("Short")  # A shorter name in use.
    FORMER = "former", _("Former")  # A name no longer in use.
    TRANSLITERATION = "transliteration", _("Transliteration")  # Another spelling from another script.
    METONYM = "metonym", _("Metonym")  # “Baghdad”, “Washington”: stands for the body, decided case by case.


class AnswerKind(models.TextChoices):
    YES_NO = "yes_no", _("Yes or no")  # The answers affirm or deny.
    VALUE = "value", _("A value in words")  # The answers name something.
    NUMBER = "number", _("A number")  # The answers give a figure.
    DATE = "date", _("A date")  # The answers give a time.


class OccasionKind(models.TextChoices):
    PRESS_CONFERENCE = "press_conference", _("Press conference")  # Before the press, with questions.
    BRIEFING = "briefing", _("Briefing")  # A spokesperson's regular meeting with the press.
    INTERVIEW = "interview", _("Interview")  # Questions by one outlet.
    REMARKS_TO_OUTLET = "remarks_to_outlet", _("Remarks to an outlet")  # Said to one outlet alone.
    WRITTEN_STATEMENT = "written_statement", _("Written statement")  # Published in writing by the speaker.
    SPEECH = "speech", _("Speech")  # An address.
    HEARING = "hearing", _("Hearing")  # Before a court or committee.
    POST = "post", _("Post")  # Written on a platform.
    CALL = "call", _("Call")  # A telephone or video call.
    UNSPECIFIED = "unspecified", _("Not stated")  # The source does not say.


class Mode(models.TextChoices):
    DIRECT = "direct", _("Quotation")  # The speaker's words between quotation marks.
    INDIRECT = "indirect", _("Paraphrase")  # The source's words for what the speaker said.
    MIXED = "mixed", _("Paraphrase with quoted words")  # A paraphrase with some words between marks.
    NARRATOR = "narrator", _("The outlet's own words")  # The source says it itself, citing nobody.


class CueClass(models.TextChoices):
    NONE = "none", _("None")  # The source speaks itself; nothing introduces the words.
    IMPLICIT = "implicit", _("Implicit")  # No word introduces the speech; it follows from the text around.
    REPORT = "report", _("Reports")  # said, told, noted: neutral.
    DENY = "deny", _("Denies")  # denied, rejected.
    CONFIRM = "confirm", _("Confirms")  # confirmed, acknowledged.
    REBUT = "rebut", _("Rebuts")  # replied, countered.
    CLAIM = "claim", _("Claims")  # claimed, alleged: the source keeps its distance.
    EMPHASISE = "emphasise", _("Emphasises")  # stressed, reiterated.
    CHARACTERISE = "characterise", _("Characterises")  # described, called.
    PROMISE = "promise", _("Promises")  # pledged, vowed.
    DEMAND = "demand", _("Demands")  # urged, called for.
    WARN = "warn", _("Warns")  # warned.
    PREDICT = "predict", _("Predicts")  # expects, forecast.
    DECLINE = "decline", _("Declines")  # declined to comment.


class Polarity(models.TextChoices):
    AFFIRM = "affirm", _("Affirms")  # The speaker puts the proposition forward.
    DENY = "deny", _("Denies")  # The speaker rejects a proposition, by cue or in own words.


class Determinacy(models.TextChoices):
    EXPLICIT = "explicit", _("Named in the sentence")  # The text names the speaker at the words.
    COREFERENCE = "coreference", _("By “he”, “it”, “the sources”")  # A pronoun or short form points back.
    INFERRED = "inferred", _("Inferred by the editor")  # The text does not say; the editor concludes.


class StatementKind(models.TextChoices):
    FACTUAL = "factual", _("Factual")  # Says how something is or was.
    COMMITMENT = "commitment", _("Commitment")  # Says what the speaker will do.
    PREDICTION = "prediction", _("Prediction")  # Says what will happen.
    DEMAND = "demand", _("Demand")  # Says what others should do.
    VALUE = "value", _("Value judgement")  # Says what is good or bad.
    CHARACTERISATION = "characterisation", _("Characterisation")  # Says what something is to be called.


class Sourcing(models.TextChoices):
    ON_RECORD = "on_record", _("On the record")  # Said to be published, with the name.
    BACKGROUND = "background", _("On background")  # Said to be published without the name.
    LEAK = "leak", _("Leaked")  # Not meant to be published.


class DateBasis(models.TextChoices):
    IN_TEXT = "in_text", _("Printed in the source")  # The text gives the date itself.
    RESOLVED = "resolved_from_publication", _("Resolved from the day of publication")  # “Thursday” before that day.
    PUBLICATION = "publication_date", _("The day of publication")  # No date words; published that day.
    EXTERNAL = "external", _("From outside the source")  # Known from elsewhere; the note says whence.
    UNRESOLVED = "unresolved", _("Undated")  # Not known.


class RelayCertainty(models.TextChoices):
    EXPLICIT = "explicit", _("Said so")  # The speaker cites the other.
    UNCLEAR = "unclear", _("Unclear whose words")  # May be the speaker's own words.


class AnchorPart(models.TextChoices):
    CONTENT = "content", _("Content")  # The words that carry the claim.
    QUOTE = "quote", _("Quoted words")  # Words between quotation marks.
    CUE = "cue", _("Cue")  # The word that introduces them: “denied”.
    SPEAKER = "speaker", _("Speaker")  # The words that name the speaker.


class TranslatedBy(models.TextChoices):
    SPEAKER = "speaker", _("The speaker")  # The speaker's own other-language version.
    OFFICIAL = "official", _("An official interpreter")  # An interpreter or office of the speaker's.
    OUTLET = "outlet", _("The outlet")  # The publication translated.
    EDITOR = "editor", _("Our editor")  # An editor of this site.
    MACHINE = "machine", _("A machine")  # A translation program.


class Stance(models.TextChoices):
    AFFIRMS = "affirms", _("Yes")  # Says yes.
    DENIES = "denies", _("No")  # Says no.
    PRESUPPOSES_YES = "presupposes_yes", _("Takes it for granted")  # Speaks as if yes.
    PRESUPPOSES_NO = "presupposes_no", _("Takes for granted that not")  # Speaks as if no.
    QUALIFIED_YES = "qualified_yes", _("Yes, with a limit")  # Says yes to part of it.
    QUALIFIED_NO = "qualified_no", _("No, with a limit")  # Says no to part of it.
    VALUE = "value", _("Says")  # Gives a value: a name, a figure, a date.
    UNCLEAR = "unclear", _("Unclear")  # Speaks to the question; the answer cannot be read.
    DECLINES = "declines", _("Declines to say")  # Was asked and did not answer.


class Finding(models.TextChoices):
    CONTRADICTS = "contradicts", _("Contradiction")  # Both cannot hold, on the same event and people.
    IN_TENSION = "in_tension", _("In tension")  # They pull apart; a reading exists on which both hold.
    APPARENT_ONLY = "apparent_only", _("Apparent only")  # They speak of different things; both can hold.


class ScopeAnswer(models.TextChoices):
    YES = "yes", _("Yes")  # Both speak of the same.
    NO = "no", _("No")  # They speak of different ones, so both can hold.
    UNCLEAR = "unclear", _("Unclear")  # The words do not tell.
    NOT_APPLICABLE = "not_applicable", _("Does not apply")  # Nothing of the kind is said.


class Mechanism(models.TextChoices):
    ANTONYM = "antonym", _("Opposite words")  # halted / underway.
    NEGATION = "negation", _("Negation")  # discussed / did not discuss.
    NUMERIC = "numeric", _("Numbers")  # five / seven.
    FACTIVE = "factive", _("Presupposition")  # One takes for granted what the other denies.
    STRUCTURE = "structure", _("Who did what to whom")  # Same verb, other agent or object.
    LEXICAL = "lexical", _("Choice of words")  # mission / forces.
    WORLD_KNOWLEDGE = "world_knowledge", _("World knowledge")  # Conflict only by what everybody knows.
    TEMPORAL = "temporal", _("Time")  # Different times for one event.


class Pattern(models.TextChoices):
    DENIAL = "denial", _("Denial")  # One denies what the other says.
    REBUTTAL = "rebuttal", _("Rebuttal")  # One answers the other and rejects it.
    REVERSAL = "reversal", _("Reversal")  # One speaker says now other than before.
    SELF_CONTRADICTION = "self_contradiction", _("Self-contradiction")  # One speaker, both at once.
    DIFFERING_FIGURES = "differing_figures", _("Differing figures")  # Other numbers for one thing.
    DIFFERING_DATES = "differing_dates", _("Differing dates")  # Other times for one thing.
    DIFFERING_AGENCY = "differing_agency", _("Who acted")  # Each names another actor.
    DIFFERING_CAUSE = "differing_cause", _("Why")  # Each names another cause.
    DIFFERING_STATUS = "differing_status", _("What state it is in")  # halted, underway.
    FRAMING = "framing", _("Framing")  # Other words for one thing: advisors, soldiers.
    VAGUENESS = "vagueness", _("Vagueness")  # One names what the other leaves open.
    PARAPHRASE_DRIFT = "paraphrase_drift", _("Paraphrase drift")  # The paraphrase says other than the quotation.


class AssertedBy(models.TextChoices):
    EDITOR = "editor", _("Our editors")  # The site's editors compare the two.
    FIRST = "first", _("The first speaker")  # The first speaker rejects the second's account.
    SECOND = "second", _("The second speaker")  # The second speaker rejects the first's account.


class Resolution(models.TextChoices):
    UNRESOLVED = "unresolved", _("Unresolved")  # Both accounts stand.
    SUPERSEDED_LATER = "superseded_later", _("Superseded later")  # Later statements replaced one of them.
    ONE_WITHDRAWN = "one_withdrawn", _("One account was withdrawn")  # Its speaker took it back.
    ONE_CORRECTED = "one_corrected", _("One account was corrected")  # Its speaker or outlet corrected it.
    SETTLED_BY_EVIDENCE = "settled_by_evidence", _("Settled by evidence")  # Evidence cited in the explanation.


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")  # Only editors see it.
    IN_REVIEW = "in_review", _("In review")  # Only editors see it; it waits for a second reader.
    PUBLISHED = "published", _("Published")  # Readers see it.
    WITHDRAWN = "withdrawn", _("Withdrawn")  # Readers see that it was there.


class Rank(models.TextChoices):
    NORMAL = "normal", _("Stands")  # As it was recorded.
    SUPERSEDED = "superseded", _("Superseded")  # The speaker said otherwise later; kept, and labelled.
    MISATTRIBUTED = "misattributed", _("Misattributed")  # Somebody else said it, or nobody; kept, and labelled.


class ReplyState(models.TextChoices):
    NOT_SOUGHT = "not_sought", _("Not asked yet")  # Nobody has asked the party concerned.
    SOUGHT = "sought", _("Asked, no answer yet")  # Asked on the day and in the way given.
    GIVEN = "given", _("Answered")  # Their reply stands beside the statement.
    DECLINED = "declined", _("Declined to answer")  # Asked, and they did not wish to.
    WAIVED = "waived", _("Not asked, for the reason given")  # A publisher's decision, with its reason.


class CorrectionKind(models.TextChoices):
    CORRECTION = "correction", _("Correction")  # Something was wrong.
    CLARIFICATION = "clarification", _("Clarification")  # Something could be misunderstood.
    UPDATE = "update", _("Update")  # Something new is known: a reply, a note, a later statement.
    TYPO = "typo", _("Typing error")  # A slip that changes no meaning.
    WITHDRAWAL = "withdrawal", _("Withdrawal")  # Taken from readers; a tombstone stays.
    MERGE = "merge", _("Speakers merged")  # Two speakers were one.


class CorrectionState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")  # Waits for a second person.
    APPLIED = "applied", _("Applied")  # In force, and listed for ever.
    DECLINED = "declined", _("Declined")  # Not done.


class Action(models.TextChoices):
    INSERT = "insert", _("Added")  # A row was added.
    UPDATE = "update", _("Changed")  # A row was changed.
    DELETE = "delete", _("Deleted")  # A row was deleted.


class ReportKind(models.TextChoices):
    WORDS = "words", _("The words are wrong")  # Not what the source says, or badly translated.
    SPEAKER = "speaker", _("The wrong speaker")  # Somebody else said it.
    DATE = "date", _("The wrong date")  # It was said at another time.
    CONTEXT = "context", _("Something is missing")  # The words mean something else where they stand.
    REPLY = "reply", _("I am concerned and want to reply")  # Somebody about whom it speaks.
    OTHER = "other", _("Something else")  # Whatever else.


class ReportState(models.TextChoices):
    OPEN = "open", _("Open")  # Nobody has decided yet.
    CORRECTED = "corrected", _("Corrected")  # A change was made; it is linked.
    UNCHANGED = "unchanged", _("No change")  # Nothing changes, for the reason given.
    SPAM = "spam", _("Not about the record")  # Advertising, abuse, a joke: closed without an answer.


class DigestEvery(models.TextChoices):
    NEVER = "never", _("No mail")  # Nothing is sent.
    DAILY = "daily", _("Once a day, if something waits")  # At the first run of the day at which something waits.
    WEEKLY = "weekly", _("Once a week, if something waits")  # The same, from Monday on.


class AlertList(models.TextChoices):
    STATEMENTS = "statements", _("Statements")  # New statements.
    CONTRADICTIONS = "contradictions", _("Contradictions")  # New pairs.
