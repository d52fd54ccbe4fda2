"""Who is said to have said what: each rule and each trap on a sentence of our own, then whole texts, then cost."""

import time

import pytest

from sources.attributions import FEW_WORDS, NAME, NO_SPEAKER, propose, propose_attributions

# speaker | cue | words
RULES = """\
“We are ready,” he said. => he | said | We are ready
“We are ready,” he said. “We will not wait.” => he | said | We are ready ; he | said | We will not wait
“The talks,” the minister said, “are over.” => the minister | said | “The talks,” the minister said, “are over.”
“We never closed it,” Smith told the Gazette. => Smith | told | We never closed it
“We wait,” he told The Port Gazette in May. “It is hard.” => he | told | We wait ; he | told | It is hard
Smith told the Port Gazette that the plan was dead. => Smith | told | the plan was dead
I think I heard the new mayor say that the port is open. => the new mayor | say | the port is open
“Are you ready?” Smith said. => Smith | said | Are you ready?
“It was chaos,” said Omar Bey, a shopkeeper. => Omar Bey, a shopkeeper | said | It was chaos
"It was chaos," recalled Omar Bey in Paris. => Omar Bey | recalled | It was chaos
The minister said: “France will act.” => The minister | said | France will act
The council said in a statement on Friday that “no choice was made.” => The council | said | no choice was made
Putin said, quote, “We will act.” => Putin | said | We will act
The president issued a warning to Oslo: “Don’t.” => The president | warning | Don’t
The port is open, the council said on Friday. => the council | said | The port is open
Officials say the fire is out. => Officials | say | the fire is out
Gulf states said the price was fair. => Gulf states | said | the price was fair
On Friday evening, ministry spokesman Karl Ott said Oslo discussed the port. \
=> ministry spokesman Karl Ott | said | Oslo discussed the port
In remarks to the Post, Karl Ott, aide to the mayor, said that the port was open and that ships were welcome. \
=> Karl Ott, aide to the mayor | said | the port was open ; Karl Ott, aide to the mayor | said | ships were welcome
The mayor, who took office in May, said the bridge was unsafe. => The mayor | said | the bridge was unsafe
Trump, speaking in Ohio, said the border was closed. => Trump | said | the border was closed
Smith told the Post on Friday that the plan was dead. => Smith | told | the plan was dead
Smith told her sister the plan was dead. => Smith | told | the plan was dead
He was quoted as saying that the plan was dead. => He | saying | the plan was dead
According to two senior officials, the vessel carried grain. \
=> two senior officials | According to | the vessel carried grain
The vessel was carrying grain, according to the port authority. \
=> the port authority | according to | The vessel was carrying grain
Oslo denied that its forces struck the plant. => Oslo | denied | its forces struck the plant
The firm denied any wrongdoing, saying it would appeal. \
=> The firm | denied | any wrongdoing ; The firm | saying | it would appeal
The firm denied wrongdoing and said it would appeal. \
=> The firm | denied | wrongdoing ; The firm | said | it would appeal
Both sides said they wanted peace, but the UN warned that time was short. \
=> Both sides | said | they wanted peace ; the UN | warned | time was short
“At no time did we talk,” he noted, but pointed that work was underway. \
=> he | noted | At no time did we talk ; he | pointed | work was underway
The ministry swiftly replied to the claims by saying they were “false.” \
=> The ministry | replied … by saying | they were “false.”
The general promised to retaliate, and vowed that “not one soldier” would leave. \
=> The general | promised | to retaliate ; The general | vowed | “not one soldier” would leave
The spokesman declined to comment on it. => The spokesman | declined to comment | declined to comment on it
The leaders affirmed the need for calm and discussed trade. => The leaders | affirmed | the need for calm
Ann Lee and Bo Ek agreed on the need for calm. => Ann Lee and Bo Ek | agreed on | the need for calm
The camp was hit, claimed by an unknown group calling itself “Gulls.” \
=> an unknown group | claimed | claimed by an unknown group calling itself “Gulls.”
Putin called the move “a provocation.” => Putin | called | the move “a provocation.”
The bank described the loss as “modest,” while analysts called it “ruin.” \
=> The bank | described | the loss as “modest,” ; analysts | called | it “ruin.”
The agency reported that three people were hurt, citing the governor. \
=> The agency | reported | three people were hurt
Israel said Hamas said the deal was dead. => Israel | said | Hamas said the deal was dead
The group, which Oslo says is backed by Iran, said it had fired rockets. => The group | said | it had fired rockets
Ms. Lee said the U.S. should act. => Ms. Lee | said | the U.S. should act
Lawmakers who have said it is time to leave were heard. => Lawmakers | said | it is time to leave were heard
وقال وزير الخارجية إن الميناء مفتوح. => وزير الخارجية | قال | الميناء مفتوح
قال المتحدث باسم الحكومة علي حسن في مؤتمر الخميس إن الاتفاق قريب. \
=> المتحدث باسم الحكومة علي حسن | قال | الاتفاق قريب
«نحن ملتزمون بالموعد»، قال المتحدث باسم الحكومة. => المتحدث باسم الحكومة | قال | نحن ملتزمون بالموعد
وقالت المصادر: «الوضع معقد جدا». => المصادر | قالت | الوضع معقد جدا
أصيب خمسة جنود في الهجوم، بحسب مصدر أمني. => مصدر أمني | بحسب | أصيب خمسة جنود في الهجوم
وأكد مسؤول كبير، طلب عدم ذكر اسمه، أن القوات ستغادر. => مسؤول كبير | أكد | القوات ستغادر
الوزير قال إن الاتفاق قريب. => الوزير | قال | الاتفاق قريب
وقال نصار للصحيفة: «لم نعلق المحادثات». => نصار | قال | لم نعلق المحادثات
وقال نصار ل«الشرق» إن الميناء مفتوح. => نصار | قال | الميناء مفتوح
وقال نصار لصحيفة «الشرق»: «لم نعلق المحادثات». => نصار | قال | لم نعلق المحادثات
وقال المدير العام للوكالة إن الميناء مفتوح. => المدير العام للوكالة | قال | الميناء مفتوح
وقال مسؤولون في الشمال أمس إن الميناء مفتوح. => مسؤولون في الشمال | قال | الميناء مفتوح
وقال مسؤولون كبار في بيان إن الميناء مفتوح. => مسؤولون كبار | قال | الميناء مفتوح
وقال مسؤولون، في الشمال، إن الميناء مفتوح. => مسؤولون | قال | الميناء مفتوح
نفى وزير المياه كريم نصار تعليق المحادثات. => وزير المياه كريم نصار | نفى | تعليق المحادثات
نفى وزير صحة الإقليم وجود خلافات، وأكد أن العمل مستمر. \
=> وزير صحة الإقليم | نفى | وجود خلافات ; - | أكد | العمل مستمر
ونفت الوزارة أن تكون المحادثات قد توقفت، وأكدت أنها مستمرة. \
=> الوزارة | نفت | تكون المحادثات قد توقفت ; - | أكدت | أنها مستمرة\
"""

NOBODY_SAYS = """\
The minister did not say that the talks had ended.
Neither side said that talks had failed.
If the army says that the road is open, trucks will move.
The minister would say that the road is open.
Did the ministry say that the road is open?
Analysts were told that the bridge was safe.
It was announced on Monday that the base would close.
A claim that the dam had failed spread quickly.
The alleged attack was claimed by no one.
The United States states its policy in a document.
The army refused to withdraw.
The price declined to 30 dollars.
Asked about it, the premier said no.
The leaders discussed trade and exchanged views on security.
The work went on according to the plan.
A group called “Gulls” fired rockets.
The small old red brick house on the far north side of town said that the port is open.
رفض الوزير تعليق المحادثات.
نفى وزير صحة الإقليم.
لم يقل الوزير إن الاتفاق قريب.\
"""


def read(text, languages="en ar"):
    """Speaker, cue and words of each proposal; "-" where no speaker is printed."""
    return [
        (
            made.speaker.of(text) if made.speaker else "-",
            " … ".join(place.of(text) for place in made.cue),
            made.content.of(text),
        )
        for made in propose_attributions(text, languages)
    ]


@pytest.mark.parametrize("rule", RULES.replace("\\\n", "").splitlines())
def test_speaker_cue_and_words_are_found(rule):
    text, _, expected = rule.partition(" => ")
    assert read(text) == [tuple(part.strip() for part in one.split(" | ")) for one in expected.split(" ; ")]


@pytest.mark.parametrize("text", NOBODY_SAYS.splitlines())
def test_what_is_denied_supposed_asked_or_done_is_no_attribution(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("The yard was hit by a group calling itself “Gulls.”", [("Gulls", NAME)]),
        ("The so-called “safe zone” was hit, residents said.", [("safe zone", NAME)]),
        ("The “safe zone” was hit on Friday.", [("safe zone", FEW_WORDS)]),
        ("On the wall stood “We will never forget what was done here.”", [(None, NO_SPEAKER)]),
        ("وأعلنت مجموعة تسمي نفسها «الثوار» مسؤوليتها عن الهجوم.", [("الثوار", NAME)]),
        ("The minister said there is a “safe zone” there.", []),
    ],
)
def test_names_and_words_at_a_distance_are_flagged_with_the_reason(text, flagged):
    found = [(flag.span.of(text), flag.reason) for flag in propose(text, "en ar").flagged]
    assert found == [(words or "We will never forget what was done here", reason) for words, reason in flagged]


@pytest.mark.parametrize(
    ("text", "mode", "quoted"),
    [
        ("“We are ready,” he said.", "direct", ["We are ready"]),
        ("The mayor said they were “ready.”", "mixed", ["ready"]),
        ('Oslo had "sort of" agreed, the mayor said.', "mixed", ["sort of"]),
        ("The mayor said they were ready.", "indirect", []),
        ("The mayor said the so-called “zone” was hit.", "indirect", []),
    ],
)
def test_mode_and_quoted_words(text, mode, quoted):
    made = propose_attributions(text)[0]
    assert (made.mode, [span.of(text) for span in made.quoted]) == (mode, quoted)


SPEAKERS = """\
Official sources told the Post that Oslo halted the talks.

The sources said: “The situation is hard.”

The Norwegian Ministry of Trade said that Oslo postponed the date.

“The date is postponed,” it said.

Oslo said that five men were hurt.

Ministry spokesman Karl Ott said the port was open.

“We never closed it,” he noted.

In a statement, the ministry emphasized that work went on.

"The aim is peace," said Envoy Ann Lee.

"As we said before, nothing will change in the coming weeks."

The sun rose over the bay.

"Nobody said this at all, and so it is nobody's."\
"""


def test_a_pronoun_or_a_short_form_is_taken_for_the_last_speaker_it_can_mean_and_marked():
    made = propose_attributions(SPEAKERS)
    read = [(one.speaker.of(SPEAKERS) if one.speaker else "", one.named, one.determinacy) for one in made]
    assert read == [
        ("Official sources", "", "explicit"),
        ("The sources", "Official sources", "coreference"),
        ("The Norwegian Ministry of Trade", "", "explicit"),
        ("it", "The Norwegian Ministry of Trade", "coreference"),
        ("Oslo", "", "explicit"),
        ("Ministry spokesman Karl Ott", "", "explicit"),
        ("he", "Ministry spokesman Karl Ott", "coreference"),
        ("the ministry", "The Norwegian Ministry of Trade", "coreference"),
        ("Envoy Ann Lee", "", "explicit"),
        ("", "Envoy Ann Lee", "inferred"),
    ]
    assert (made[-1].cue_class, made[-1].origin) == ("implicit", "continued")


def test_headlines_captions_and_repeated_paragraphs_are_read_once_or_not_at_all():
    headline, story = "Mayor Says Port Is Open", "The mayor said that the port of Oslo is open."
    caption = "FILE - The mayor said that the port is open. (AP Photo/Ann Lee)"
    text = f"{headline}\n\n{caption}\n\n{caption}\n\n{headline}\n\n{story}\n\n{story}\n\nThe sun rose over the bay."
    assert read(text) == [("The mayor", "said", "the port of Oslo is open")]


def test_a_text_with_one_line_a_paragraph_is_read_as_one_with_empty_lines():
    lines = [f"The mayor said that the gate number {n} of the old port is open, {'and ' * 30} so on." for n in range(4)]
    assert [words for _, _, words in read("\n".join(lines))] == [words for _, _, words in read("\n\n".join(lines))]
    assert len(read("\n".join(lines))) == 4


@pytest.mark.parametrize(
    ("heading", "speaker"),
    [
        ("Statement on the coast line\n3 June 2025", "The rail ministry"),
        ("Ministry says that the coast line opens", "The rail ministry"),
        ("Statement on the coast line", "Rail minister Ann Lee"),
    ],
)
def test_no_speaker_reaches_over_the_end_of_a_headline_in_a_line_of_its_own(heading, speaker):
    text = f"{heading}\n{speaker} said on Tuesday that the coast\nline would open."
    assert read(text) == [(speaker, "said", "the coast\nline would open")]


def test_a_speaker_in_two_lines_of_a_wrapped_text_stays_one():
    text = "In the town by the northern sea, on Tuesday, Rail Minister Ann\nLee said that the coast line would open."
    assert read(text) == [("Rail Minister Ann\nLee", "said", "the coast line would open")]


def test_a_speaker_is_never_longer_than_twelve_words():
    role = "the deputy head of the small office for the care of old ships"
    text = f"Ann Lee, {role}, said that the port is open.\n\n“It is shut,” said Bo Ek, {role}."
    assert [speaker for speaker, _, _ in read(text)] == ["Ann Lee", "Bo Ek"]


TRANSCRIPT = """\
10:33 A.M. EDT

MODERATOR:  Thank you.  Our next question goes to Ann with the Post.

Q    Thanks.  The Post reported that the talks were over.  Did you say that?

MR. OTT:  No.  We have not changed our view of it.

The minister has said — has said that he is ready.  Thank you all for that.

(Laughter.)

[…]

We do not know who says this here.\
"""


def test_a_turn_is_direct_speech_sentence_by_sentence_and_reports_within_it_are_found_too():
    made = propose_attributions(TRANSCRIPT)
    assert [(one.origin, one.speaker.of(TRANSCRIPT), one.content.of(TRANSCRIPT)) for one in made] == [
        ("reported", "The Post", "the talks were over"),
        ("turn", "MR. OTT", "No.  We have not changed our view of it"),
        ("turn", "MR. OTT", "The minister has said — has said that he is ready"),
        ("reported", "The minister", "he is ready"),
    ]
    assert [(one.mode, one.cue_class, one.quoted == (one.content,)) for one in made if one.origin == "turn"] == [
        ("direct", "implicit", True)
    ] * 2


def test_offsets_are_code_points_and_every_span_lies_in_the_text():
    text = "🎉 The mayor said: “It is open.”\n\n🕊️👩‍👧 وقال الوزير إن «المُحادثات مستمرة»."
    made = propose_attributions(text, "en ar")
    assert [one.content.of(text) for one in made] == ["It is open", "المُحادثات مستمرة"]
    assert [span.of(text) for one in made for span in one.quoted] == ["It is open", "المُحادثات مستمرة"]


@pytest.mark.parametrize(
    "piece",
    "“|“a” |“Yes,” he said. |. |said |he said that |a, | |\n|(|and |A. |a — a — |«|said on |قال الوزير إن "
    "|MR. OTT: ok\n\n|\n |The mayor said that a, adding that b, ".split("|"),
)
def test_no_text_costs_more_than_its_length(piece):
    """Twice the text takes about twice the time: six times would be a power of it, and a second for so little too.

    The best of three: with thousands of tests behind it, one collection of garbage takes longer than the text.
    """

    def spent(size):
        text = (piece * (size // len(piece) + 1))[:size]
        took = []
        for _ in range(3):
            began = time.process_time()
            propose(text, "en ar")
            took.append(time.process_time() - began)
        return min(took)

    short, long = spent(20_000), spent(40_000)
    assert long < max(6 * short, 0.3)
    assert long < 3
