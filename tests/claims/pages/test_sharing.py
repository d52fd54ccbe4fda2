"""Records on other sites, in link previews and in lists of works cited, each read by the programs it is for."""

import io
import json
import re
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import bibtexparser
import pytest
import rispy
from django.conf import settings
from PIL import Image

from claims import drawing
from claims.cards import card_of
from claims.citing import Entry, as_bibtex, as_csl, as_ris, as_text
from claims.models import Contradiction, Statement, Topic
from claims.views.sharing import for_sharing
from sources.edtf import UncertainDate
from tests.factories import QuestionFactory, StatementFactory, TopicFactory, published_pair
from tests.markup import by_class, main, one, text, texts

pytestmark = pytest.mark.django_db

PAIR, SAID = "/contradictions/z8zaqp1317/", "/statements/m9qhcy0t9c/"
# From the schema of CSL 1.0.2: those types that we write.
CSL_TYPES = {"article-newspaper", "webpage", "speech", "interview", "post", "broadcast", "document"}
CSL_FIELDS = {
    "id", "type", "title", "author", "container-title", "genre", "issued", "version", "URL", "language", "note",
}  # fmt: skip


def ask(reader, path="", **parameters):
    if path:
        parameters["url"] = settings.SITE_URL + path
    return reader.get("/oembed", parameters)


class Frames(HTMLParser):
    """The attributes of each iframe."""

    def __init__(self, markup):
        super().__init__()
        self.found = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        assert tag == "iframe"
        self.found.append(dict(attrs))


# oEmbed 1.0, https://oembed.com/


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("path", [PAIR, SAID])
def test_oembed_answers_with_what_a_rich_response_must_have(reader, path):
    answer = ask(reader, path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    found = answer.json()
    assert (found["type"], found["version"]) == ("rich", "1.0")
    assert isinstance(found["width"], int)
    assert isinstance(found["height"], int)
    (frame,) = Frames(found["html"]).found
    assert frame["src"] == f"{settings.SITE_URL}/embed{path}"
    assert (frame["width"], frame["height"]) == (str(found["width"]), str(found["height"]))
    assert "allow-scripts" not in frame["sandbox"]
    assert reader.get(frame["src"].removeprefix(settings.SITE_URL)).status_code == 200
    picture = Image.open(io.BytesIO(reader.get(found["thumbnail_url"].removeprefix(settings.SITE_URL)).content))
    assert picture.size == (found["thumbnail_width"], found["thumbnail_height"])


@pytest.mark.usefixtures("story")
def test_oembed_says_the_same_as_xml(reader):
    answer = ask(reader, PAIR, format="xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    assert root.tag == "oembed"
    assert {field.tag: field.text for field in root} == {k: str(v) for k, v in ask(reader, PAIR).json().items()}


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("size", [{"maxwidth": 300}, {"maxheight": 200}, {"maxwidth": 1, "maxheight": 1}])
def test_oembed_stays_within_what_was_asked_for(reader, size):
    found = ask(reader, PAIR, **size).json()
    assert found["width"] <= size.get("maxwidth", 640)
    assert found["height"] <= size.get("maxheight", 10_000)
    assert "thumbnail_url" not in found
    assert "thumbnail_url" in ask(reader, PAIR, maxwidth=1200, maxheight=630).json()


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({}, 400, "whole address"),
        ({"url": "https://elsewhere.example/contradictions/z8zaqp1317/"}, 400, "whole address"),
        ({"url": PAIR}, 400, "whole address"),
        ({"url": "http://[::1"}, 400, "whole address"),
        ({"url": settings.SITE_URL + PAIR, "maxwidth": "0"}, 400, "maxwidth"),
        ({"url": settings.SITE_URL + PAIR, "maxwidth": "-3"}, 400, "maxwidth"),
        ({"url": settings.SITE_URL + PAIR, "maxheight": "tall"}, 400, "maxheight"),
        ({"url": settings.SITE_URL + PAIR, "maxheight": "9" * 40}, 400, "maxheight"),
        ({"url": f"{settings.SITE_URL}/topics/us-iraq-coalition-talks/"}, 404, "no statement or pair"),
        ({"url": f"{settings.SITE_URL}/contradictions/0000000000/"}, 404, "no statement or pair"),
        ({"url": f"{settings.SITE_URL}{PAIR}?as_of=2026-01-01"}, 404, "as it stood"),
        ({"url": settings.SITE_URL + PAIR, "format": "yaml"}, 501, "format"),
    ],
)
def test_oembed_refuses_with_a_reason(reader, parameters, status, words):
    answer = reader.get("/oembed", parameters)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_oembed_knows_nothing_that_is_not_public(reader, status):
    statement = StatementFactory(status=status)
    assert ask(reader, f"/statements/{statement.ref}/").status_code == 404


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("start", ["", "/ar"])
def test_page_leads_to_its_own_oembed_in_its_language(reader, start):
    page = reader.get(start + PAIR).content.decode()
    found = re.findall(r'<link rel="alternate" type="(application/json|text/xml)\+oembed" href="([^"]+)"', page)
    assert [kind for kind, _link in found] == ["application/json", "text/xml"]
    for kind, link in found:
        answer = reader.get(link.replace("&amp;", "&").removeprefix(settings.SITE_URL))
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(kind)
        assert f"{settings.SITE_URL}{start}/embed{PAIR}" in answer.content.decode()


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(("path", "count"), [(PAIR, 2), (SAID, 1)])
def test_card_has_the_words_and_takes_nothing_with_it(reader, path, count):
    answer = reader.get(f"/embed{path}")
    body = answer.content.decode()
    assert body.count("<blockquote") + body.count('class="words') >= count
    assert "At no time did we discuss the withdrawal of American forces" in body
    assert not answer.cookies
    assert "<script" not in body
    assert f'href="{path}" target="_blank"' in body


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(("theme", "status"), [("", 200), ("light", 200), ("dark", 200), ("sepia", 400)])
def test_card_takes_a_theme(reader, theme, status):
    assert reader.get(f"/embed{PAIR}", {"theme": theme}).status_code == status


# Pictures


def picture(reader, path):
    answer = reader.get(f"/cards{path.rstrip('/')}.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def outside(image):
    """The colours in the margins, where nothing may be drawn."""
    wide, high = image.size
    boxes = [(0, 12, 40, high), (wide - 40, 12, wide, high), (0, high - 10, wide, high)]
    return {colour for box in boxes for _n, colour in image.crop(box).getcolors(100_000)}


def ink(image, box):
    """Whether anything is drawn in a part."""
    return len(image.crop(box).getcolors(100_000)) > 1


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("path", [PAIR, SAID, "/topics/us-iraq-coalition-talks/"])
def test_picture_has_the_size_of_previews_and_is_drawn_within_its_margins(reader, path):
    image = picture(reader, path)
    assert image.size == (1200, 630)
    assert len(outside(image)) == 1
    assert ink(image, (56, 56, 1144, 560))


LONG = " ".join(f"the {n} reasons why nobody was asked about the withdrawal of forces," for n in range(60))
ARABIC = "لم نناقش في أي وقت انسحاب القوات الأمريكية من العراق، ولم يُطرح الموضوع"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        pytest.param("No.", "en", id="short"),
        pytest.param(LONG, "en", id="long"),
        pytest.param("Wirtschaftspartnerschaftsabkommen" * 12, "de", id="one endless word"),
        pytest.param(ARABIC, "ar", id="Arabic"),
        pytest.param(f"{ARABIC} " * 20, "ar", id="long Arabic"),
        pytest.param("We never said “withdrawal” 🕊️ 协议", "en", id="signs the fonts lack"),
    ],
)
def test_picture_takes_words_of_any_length_and_script(reader, words, language):
    question = QuestionFactory(text="Were the talks about withdrawal?", topic=TopicFactory(title="Talks"))
    pair = published_pair(
        question=question,
        first__content=words.strip(),
        first__language=language,
        first__capture__source__language=language,
        second__content="another account",
    )
    image = picture(reader, pair.get_absolute_url())
    assert len(outside(image)) == 1
    # Both halves say something, below the heads and above the foot.
    assert ink(image, (56, 300, 576, 560))
    assert ink(image, (624, 300, 1144, 560))
    card = card_of(for_sharing(Contradiction).get(pk=pair.pk))
    assert card.columns[0].words.right_to_left == (language == "ar")
    if "🕊️" in words:
        assert card.columns[0].words.text == "Words in another script (en): read them on the page."


def test_picture_draws_quotation_marks_only_around_verified_words():
    direct = {"mode": "direct", "content": "we did not discuss it", "quotes": ["we did not discuss it"]}
    quoted = StatementFactory(status="published", **direct)
    reported = StatementFactory(status="published", mode="indirect", content="it was not discussed")
    found = [card_of(for_sharing(Statement).get(pk=each.pk)).columns[0].words for each in (quoted, reported)]
    assert [each.text for each in found] == ["“we did not discuss it”", "it was not discussed"]


@pytest.mark.usefixtures("story")
def test_picture_is_sent_once(reader):
    first = reader.get(f"/cards{PAIR.rstrip('/')}.png")
    again = reader.get(f"/cards{PAIR.rstrip('/')}.png", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    rows = for_sharing(Contradiction)
    card = card_of(rows.get(ref="z8zaqp1317"))
    assert drawing.draw(card) == first.content


@pytest.mark.usefixtures("story")
def test_page_names_its_picture_with_words_for_those_who_do_not_see_it(reader):
    page = reader.get(PAIR).content.decode()
    meta = dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)">', page))
    assert reader.get(meta["og:image"].removeprefix(settings.SITE_URL)).status_code == 200
    assert "At no time did we discuss the withdrawal of American forces" in meta["og:image:alt"]
    assert meta["og:url"] == settings.SITE_URL + PAIR


# Citations


def cited(reader, path, form):
    answer = reader.get(f"/cite{path.rstrip('/')}.{form}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("story")
def test_every_citation_is_read_by_the_programs_it_is_for(reader):
    """Each public pair, statement and topic: BibTeX by bibtexparser, RIS by rispy, CSL by the rules of its schema."""
    records = [*Contradiction.objects.published(), *Statement.objects.published(), *Topic.objects.published()]
    assert len(records) > 60
    for record in records:
        path = record.get_absolute_url()
        bib = bibtexparser.parse_string(cited(reader, path, "bib"))
        assert bib.failed_blocks == [], path
        ris = rispy.loads(cited(reader, path, "ris"))
        csl = json.loads(cited(reader, path, "csl.json"))
        keys = [entry["id"] for entry in csl]
        assert [entry.key for entry in bib.entries] == keys == [entry["id"] for entry in ris], path
        for entry, of_ris, of_bib in zip(csl, ris, bib.entries, strict=True):
            assert set(entry) <= CSL_FIELDS
            assert entry["type"] in CSL_TYPES
            assert of_ris["title"] == entry["title"]
            assert of_ris.get("urls", [entry.get("URL")])[0] == entry.get("URL")
            assert of_bib["url"] == f"{entry['URL']}" if entry.get("URL") else "url" not in of_bib
            for part in entry.get("issued", {}).get("date-parts", []):
                assert 1 <= len(part) <= 3
                assert date(*[*part, 1, 1][:3])
        assert cited(reader, path, "txt").count("\n") == len(csl)


HARD = Entry(
    key="rashomon-source-1",
    kind="article-newspaper",
    title="100 % of {what} we_said & \\meant\n#1: ~$5^2 «قال»",
    container="The Paper",
    issued=UncertainDate(date(2024, 8, 1), date(2024, 8, 31), "month", approximate=True),
    url="https://paper.example/a_b?c=1&d={x}%20",
    author="A. Writer",
    note="quoted: “yes”",
)


def test_citation_of_signs_that_mean_something_to_a_program():
    (entry,) = bibtexparser.parse_string(as_bibtex([HARD])).entries
    assert entry["title"].count("{") == entry["title"].count("}")
    plain = re.sub(
        r"\\(textbackslash|textbraceleft|textbraceright|textasciitilde|textasciicircum)\{\}", "?", entry["title"]
    )
    assert "\\meant" not in plain
    assert r"100 \% of" in plain
    assert "«قال»" in plain
    assert entry["url"] == "https://paper.example/a_b?c=1&d=%7Bx%7D%20"
    assert entry["date"] == "2024-08~"
    (found,) = rispy.loads(as_ris([HARD]))
    assert found["title"] == "100 % of {what} we_said & \\meant #1: ~$5^2 «قال»"
    assert found["type_of_reference"] == "NEWS"
    (csl,) = json.loads(as_csl([HARD]))
    assert csl["issued"] == {"date-parts": [[2024, 8]], "circa": True}
    assert as_text([HARD]).count("\n") == 1


@pytest.mark.parametrize(
    ("issued", "csl", "ris"),
    [
        (UncertainDate(date(2024, 8, 15), date(2024, 8, 15), "day"), {"date-parts": [[2024, 8, 15]]}, "2024/08/15/"),
        (UncertainDate(date(2024, 1, 1), date(2024, 12, 31), "year"), {"date-parts": [[2024]]}, "2024///"),
        (
            UncertainDate(date(2024, 1, 1), date(2024, 1, 9), "range"),
            {"date-parts": [[2024, 1, 1], [2024, 1, 9]]},
            "///1–9 January 2024",
        ),
        (UncertainDate(None, None, "unknown"), None, None),
    ],
)
def test_citation_tells_no_day_that_is_not_known(issued, csl, ris):
    entry = Entry("k", "webpage", "T", "C", issued)
    assert json.loads(as_csl([entry]))[0].get("issued") == csl
    assert rispy.loads(as_ris([entry]))[0].get("date") == ris


@pytest.mark.usefixtures("story")
def test_page_offers_permanent_address_citation_and_code(reader):
    part = one(by_class(main(reader.get(PAIR)), "sharing"))
    assert text(one(e for e in part.iter("code") if e.get("id") == "permalink")) == settings.SITE_URL + PAIR
    assert texts(part.iter("summary")) == ["Cite", "Embed"]
    lines = [line for line in cited(reader, PAIR, "txt").splitlines() if line]
    assert texts(one(by_class(part, "citation")).iter("p")) == lines
    assert text(one(e for e in part.iter("code") if e.get("id") == "embed-code")) == ask(reader, PAIR).json()["html"]
