"""The closed vocabularies of claims: each value with one comment that says what it means to a reader.

The terms are the field's own: attribution annotation (PARC, PDTB), contradictions (de Marneffe et al. 2008).
"""

from django.db import models


class SpeakerKind(models.TextChoices):
    PERSON = "person", "Person"  # One named human being.
    INSTITUTION = "institution", "Institution"  # A ministry, agency, company, court.
    OFFICE = "office", "Office"  # A post, whoever holds it: “the White House press office”.
    GOVERNMENT = "government", "Government"  # A state's government as a whole.
    GROUP = "group", "Group"  # A party, militia, family, union.
    OUTLET = "outlet", "Outlet"  # The publication itself, speaking in its own voice.
    UNNAMED = "unnamed", "Unnamed"  # Somebody the source does not name.


class NameKind(models.TextChoices):
    OFFICIAL = "official", "Official"  # The full, formal name.
    SHORT = "short", "Short"  # A shorter name in use.
    FORMER = "former", "Former"  # A name no longer in use.
    TRANSLITERATION = "transliteration", "Transliteration"  # Another spelling from another script.
    METONYM = "metonym", "Metonym"  # “Baghdad”, “Washington”: stands for the body, decided case by case.


class AnswerKind(models.TextChoices):
    YES_NO = "yes_no", "Yes or no"  # The answers affirm or deny.
    VALUE = "value", "A value in words"  # The answers name something.
    NUMBER = "number", "A number"  # The answers give a figure.
    DATE = "date", "A date"  # The answers give a time.


class OccasionKind(models.TextChoices):
    PRESS_CONFERENCE = "press_conference", "Press conference"  # Before the press, with questions.
    BRIEFING = "briefing", "Briefing"  # A spokesperson's regular meeting with the press.
    INTERVIEW = "interview", "Interview"  # Questions by one outlet.
    REMARKS_TO_OUTLET = "remarks_to_outlet", "Remarks to an outlet"  # Said to one outlet alone.
    WRITTEN_STATEMENT = "written_statement", "Written statement"  # Published in writing by the speaker.
    SPEECH = "speech", "Speech"  # An address.
    HEARING = "hearing", "Hearing"  # Before a court or committee.
    POST = "post", "Post"  # Written on a platform.
    CALL = "call", "Call"  # A telephone or video call.
    UNSPECIFIED = "unspecified", "Not stated"  # The source does not say.


class Mode(models.TextChoices):
    DIRECT = "direct", "Quotation"  # The speaker's words between quotation marks.
    INDIRECT = "indirect", "Paraphrase"  # The source's words for what the speaker said.
    MIXED = "mixed", "Paraphrase with quoted words"  # A paraphrase with some words between marks.
    NARRATOR = "narrator", "The outlet's own words"  # The source says it itself, citing nobody.


class CueClass(models.TextChoices):
    NONE = "none", "None"  # The source speaks itself; nothing introduces the words.
    IMPLICIT = "implicit", "Implicit"  # No word introduces the speech; it follows from the text around.
    REPORT = "report", "Reports"  # said, told, noted: neutral.
    DENY = "deny", "Denies"  # denied, rejected.
    CONFIRM = "confirm", "Confirms"  # confirmed, acknowledged.
    REBUT = "rebut", "Rebuts"  # replied, countered.
    CLAIM = "claim", "Claims"  # claimed, alleged: the source keeps its distance.
    EMPHASISE = "emphasise", "Emphasises"  # stressed, reiterated.
    CHARACTERISE = "characterise", "Characterises"  # described, called.
    PROMISE = "promise", "Promises"  # pledged, vowed.
    DEMAND = "demand", "Demands"  # urged, called for.
    WARN = "warn", "Warns"  # warned.
    PREDICT = "predict", "Predicts"  # expects, forecast.
    DECLINE = "decline", "Declines"  # declined to comment.


class Polarity(models.TextChoices):
    AFFIRM = "affirm", "Affirms"  # The speaker puts the proposition forward.
    DENY = "deny", "Denies"  # The speaker rejects a proposition, by cue or in own words.


class Determinacy(models.TextChoices):
    EXPLICIT = "explicit", "Named in the sentence"  # The text names the speaker at the words.
    COREFERENCE = "coreference", "By “he”, “it”, “the sources”"  # A pronoun or short form points back.
    INFERRED = "inferred", "Inferred by the editor"  # The text does not say; the editor concludes.


class StatementKind(models.TextChoices):
    FACTUAL = "factual", "Factual"  # Says how something is or was.
    COMMITMENT = "commitment", "Commitment"  # Says what the speaker will do.
    PREDICTION = "prediction", "Prediction"  # Says what will happen.
    DEMAND = "demand", "Demand"  # Says what others should do.
    VALUE = "value", "Value judgement"  # Says what is good or bad.
    CHARACTERISATION = "characterisation", "Characterisation"  # Says what something is to be called.


class Sourcing(models.TextChoices):
    ON_RECORD = "on_record", "On the record"  # Said to be published, with the name.
    BACKGROUND = "background", "On background"  # Said to be published without the name.
    LEAK = "leak", "Leaked"  # Not meant to be published.


class DateBasis(models.TextChoices):
    IN_TEXT = "in_text", "Printed in the source"  # The text gives the date itself.
    RESOLVED = "resolved_from_publication", "Resolved from the day of publication"  # “Thursday” before that day.
    PUBLICATION = "publication_date", "The day of publication"  # No date words; published that day.
    EXTERNAL = "external", "From outside the source"  # Known from elsewhere; the note says whence.
    UNRESOLVED = "unresolved", "Undated"  # Not known.


class RelayCertainty(models.TextChoices):
    EXPLICIT = "explicit", "Said so"  # The speaker cites the other.
    UNCLEAR = "unclear", "Unclear whose words"  # May be the speaker's own words.


class AnchorPart(models.TextChoices):
    CONTENT = "content", "Content"  # The words that carry the claim.
    QUOTE = "quote", "Quoted words"  # Words between quotation marks.
    CUE = "cue", "Cue"  # The word that introduces them: “denied”.
    SPEAKER = "speaker", "Speaker"  # The words that name the speaker.


class TranslatedBy(models.TextChoices):
    SPEAKER = "speaker", "The speaker"  # The speaker's own other-language version.
    OFFICIAL = "official", "An official interpreter"  # An interpreter or office of the speaker's.
    OUTLET = "outlet", "The outlet"  # The publication translated.
    EDITOR = "editor", "Our editor"  # An editor of this site.
    MACHINE = "machine", "A machine"  # A translation program.


class Stance(models.TextChoices):
    AFFIRMS = "affirms", "Yes"  # Says yes.
    DENIES = "denies", "No"  # Says no.
    PRESUPPOSES_YES = "presupposes_yes", "Takes it for granted"  # Speaks as if yes.
    PRESUPPOSES_NO = "presupposes_no", "Takes for granted that not"  # Speaks as if no.
    QUALIFIED_YES = "qualified_yes", "Yes, with a limit"  # Says yes to part of it.
    QUALIFIED_NO = "qualified_no", "No, with a limit"  # Says no to part of it.
    VALUE = "value", "Says"  # Gives a value: a name, a figure, a date.
    UNCLEAR = "unclear", "Unclear"  # Speaks to the question; the answer cannot be read.
    DECLINES = "declines", "Declines to say"  # Was asked and did not answer.


class Finding(models.TextChoices):
    CONTRADICTS = "contradicts", "Contradiction"  # Both cannot hold, on the same event and people.
    IN_TENSION = "in_tension", "In tension"  # They pull apart; a reading exists on which both hold.
    APPARENT_ONLY = "apparent_only", "Apparent only"  # They speak of different things; both can hold.


class ScopeAnswer(models.TextChoices):
    YES = "yes", "Yes"  # Both speak of the same.
    NO = "no", "No"  # They speak of different ones, so both can hold.
    UNCLEAR = "unclear", "Unclear"  # The words do not tell.
    NOT_APPLICABLE = "not_applicable", "Does not apply"  # Nothing of the kind is said.


class Mechanism(models.TextChoices):
    ANTONYM = "antonym", "Opposite words"  # halted / underway.
    NEGATION = "negation", "Negation"  # discussed / did not discuss.
    NUMERIC = "numeric", "Numbers"  # five / seven.
    FACTIVE = "factive", "Presupposition"  # One takes for granted what the other denies.
    STRUCTURE = "structure", "Who did what to whom"  # Same verb, other agent or object.
    LEXICAL = "lexical", "Choice of words"  # mission / forces.
    WORLD_KNOWLEDGE = "world_knowledge", "World knowledge"  # Conflict only by what everybody knows.
    TEMPORAL = "temporal", "Time"  # Different times for one event.


class Pattern(models.TextChoices):
    DENIAL = "denial", "Denial"  # One denies what the other says.
    REBUTTAL = "rebuttal", "Rebuttal"  # One answers the other and rejects it.
    REVERSAL = "reversal", "Reversal"  # One speaker says now other than before.
    SELF_CONTRADICTION = "self_contradiction", "Self-contradiction"  # One speaker, both at once.
    DIFFERING_FIGURES = "differing_figures", "Differing figures"  # Other numbers for one thing.
    DIFFERING_DATES = "differing_dates", "Differing dates"  # Other times for one thing.
    DIFFERING_AGENCY = "differing_agency", "Who acted"  # Each names another actor.
    DIFFERING_CAUSE = "differing_cause", "Why"  # Each names another cause.
    DIFFERING_STATUS = "differing_status", "What state it is in"  # halted, underway.
    FRAMING = "framing", "Framing"  # Other words for one thing: advisors, soldiers.
    VAGUENESS = "vagueness", "Vagueness"  # One names what the other leaves open.
    PARAPHRASE_DRIFT = "paraphrase_drift", "Paraphrase drift"  # The paraphrase says other than the quotation.


class AssertedBy(models.TextChoices):
    EDITOR = "editor", "Our editors"  # The site's editors compare the two.
    FIRST = "first", "The first speaker"  # The first speaker rejects the second's account.
    SECOND = "second", "The second speaker"  # The second speaker rejects the first's account.


class Resolution(models.TextChoices):
    UNRESOLVED = "unresolved", "Unresolved"  # Both accounts stand.
    SUPERSEDED_LATER = "superseded_later", "Superseded later"  # Later statements replaced one of them.
    ONE_WITHDRAWN = "one_withdrawn", "One account was withdrawn"  # Its speaker took it back.
    ONE_CORRECTED = "one_corrected", "One account was corrected"  # Its speaker or outlet corrected it.
    SETTLED_BY_EVIDENCE = "settled_by_evidence", "Settled by evidence"  # Evidence cited in the explanation.


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"  # Only editors see it.
    IN_REVIEW = "in_review", "In review"  # Only editors see it; it waits for a second reader.
    PUBLISHED = "published", "Published"  # Readers see it.
    WITHDRAWN = "withdrawn", "Withdrawn"  # Readers see that it was there.


class Rank(models.TextChoices):
    NORMAL = "normal", "Stands"  # As it was recorded.
    SUPERSEDED = "superseded", "Superseded"  # The speaker said otherwise later; kept, and labelled.
    MISATTRIBUTED = "misattributed", "Misattributed"  # Somebody else said it, or nobody; kept, and labelled.


class ReplyState(models.TextChoices):
    NOT_SOUGHT = "not_sought", "Not asked yet"  # Nobody has asked the party concerned.
    SOUGHT = "sought", "Asked, no answer yet"  # Asked on the day and in the way given.
    GIVEN = "given", "Answered"  # Their reply stands beside the statement.
    DECLINED = "declined", "Declined to answer"  # Asked, and they did not wish to.
    WAIVED = "waived", "Not asked, for the reason given"  # A publisher's decision, with its reason.


class CorrectionKind(models.TextChoices):
    CORRECTION = "correction", "Correction"  # Something was wrong.
    CLARIFICATION = "clarification", "Clarification"  # Something could be misunderstood.
    UPDATE = "update", "Update"  # Something new is known: a reply, a note, a later statement.
    TYPO = "typo", "Typing error"  # A slip that changes no meaning.
    WITHDRAWAL = "withdrawal", "Withdrawal"  # Taken from readers; a tombstone stays.
    MERGE = "merge", "Speakers merged"  # Two speakers were one.


class CorrectionState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"  # Waits for a second person.
    APPLIED = "applied", "Applied"  # In force, and listed for ever.
    DECLINED = "declined", "Declined"  # Not done.


class Action(models.TextChoices):
    INSERT = "insert", "Added"  # A row was added.
    UPDATE = "update", "Changed"  # A row was changed.
    DELETE = "delete", "Deleted"  # A row was deleted.


class ReportKind(models.TextChoices):
    WORDS = "words", "The words are wrong"  # Not what the source says, or badly translated.
    SPEAKER = "speaker", "The wrong speaker"  # Somebody else said it.
    DATE = "date", "The wrong date"  # It was said at another time.
    CONTEXT = "context", "Something is missing"  # The words mean something else where they stand.
    REPLY = "reply", "I am concerned and want to reply"  # Somebody about whom it speaks.
    OTHER = "other", "Something else"  # Whatever else.


class ReportState(models.TextChoices):
    OPEN = "open", "Open"  # Nobody has decided yet.
    CORRECTED = "corrected", "Corrected"  # A change was made; it is linked.
    UNCHANGED = "unchanged", "No change"  # Nothing changes, for the reason given.
    SPAM = "spam", "Not about the record"  # Advertising, abuse, a joke: closed without an answer.


class DigestEvery(models.TextChoices):
    NEVER = "never", "No mail"  # Nothing is sent.
    DAILY = "daily", "Once a day, if something waits"  # At the first run of the day at which something waits.
    WEEKLY = "weekly", "Once a week, if something waits"  # The same, from Monday on.
