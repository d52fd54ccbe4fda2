"""A source is brought in: pasted, uploaded or fetched, looked at, and kept whole or not at all."""

from functools import partial

import pytest
from django.contrib.auth.models import Permission

from sources import intake
from sources.choices import SourceState
from sources.fetching import fetch
from sources.models import Capture, Outlet, Source
from tests.claims.admin.filling import told
from tests.factories import CaptureFactory, OutletFactory, SourceFactory
from tests.sources.admin.arriving import BRING, Incoming, content, problems
from tests.sources.files import ARTICLE, ARTICLE_TEXT, pdf
from tests.sources.test_splitting import FIRST, SECOND, TWO

pytestmark = pytest.mark.django_db

TEXT = "Talks halted after attack\n\nBy Ali Hassan\n\nThe minister said that the talks were halted.\n"
ADDRESS = "https://news.example/talks"
AT_MOST = (
    "at most 20 are brought in at once. Nothing was parted or kept: part it in fewer places, and bring in the rest "
    "afterwards."
)
HEAP = "\u0301\u0316" * 40_000


def nothing_kept():
    return not (Source.objects.exists() or Capture.objects.exists() or Outlet.objects.exists())


def test_a_paste_becomes_a_source_a_capture_and_an_outlet(desk):
    page = desk.arrive(TEXT.replace("\n", "\r\n"))
    assert nothing_kept()
    assert "Proposed from <bdi>the first line</bdi>" in page.content.decode()
    content(page)
    response = desk.send_parts(
        page, new_outlet="The News", url=f"{ADDRESS}?utm_source=x", published="2024-08", rights="private"
    )
    capture = Capture.objects.get()
    source = capture.source
    assert (source.title, source.byline, source.url) == ("Talks halted after attack", "Ali Hassan", ADDRESS)
    assert (source.outlet.name, source.outlet.homepage) == ("The News", "https://news.example/")
    assert f"{source.published_from} {source.published_to}" == "2024-08-01 2024-08-31"
    assert (capture.text, capture.method, capture.rights, capture.extractor) == (TEXT, "pasted", "private", "")
    assert told(response) == [
        f'Kept: <a href="/admin/sources/capture/{capture.pk}/change/">Talks halted after attack</a>.'
    ]


def test_a_page_that_was_uploaded_says_so_on_its_capture(desk):
    outlet = OutletFactory(homepage="https://www.outlet.example/")
    page = desk.arrive(
        file=(
            "saved.html",
            ARTICLE.replace("<nav>", '<link rel="canonical" href="https://m.outlet.example/x"><nav>').encode(),
        )
    )
    assert page.context["parts"][0].form["outlet"].value() == outlet.pk
    desk.send_parts(page)
    capture = Capture.objects.get()
    assert (capture.text, capture.method, capture.extractor) == (ARTICLE_TEXT, "uploaded", "trafilatura")
    assert (capture.extractor_version != "", capture.source.outlet) == (True, outlet)


def test_a_text_that_was_changed_by_hand_counts_as_pasted(desk):
    page = desk.arrive(file=("saved.html", ARTICLE.encode()))
    desk.send_parts(page, new_outlet="The News", text=ARTICLE_TEXT.replace("halted after the", "held before the"))
    capture = Capture.objects.get()
    assert (capture.method, capture.extractor, capture.extractor_version) == ("pasted", "", "")


def test_a_forged_note_counts_for_nothing(desk):
    page = desk.arrive(TEXT)
    desk.send_parts(page, new_outlet="The News", origin='{"method": "fetched"}:forged')
    assert Capture.objects.get().method == "pasted"


def test_two_texts_in_one_paste_are_parted_and_kept_together(desk):
    page = desk.arrive(TWO)
    assert [(place.line, place.words) for place in page.context["parts"][0].places] == [
        (13, "New sanctions on two officials")
    ]
    page = desk.send_parts(page, button="_split", places="13", new_outlet="The News", byline="A. Clark")
    assert [part.form["text"].value() for part in page.context["parts"]] == [FIRST, SECOND]
    assert [part.form["title"].value() for part in page.context["parts"]] == [
        "Talks halted after attack",
        "New sanctions on two officials",
    ]
    assert [part.form["byline"].value() for part in page.context["parts"]] == ["A. Clark", None]
    content(page)
    desk.send_parts(page)
    assert sorted(Capture.objects.values_list("text", "source__outlet__name")) == sorted(
        [(FIRST, "The News"), (SECOND, "The News")]
    )
    assert Outlet.objects.count() == 1


def test_a_text_that_seems_to_be_two_is_asked_about_once(desk):
    """A kept text cannot be changed or parted any more."""
    page = desk.send_parts(desk.arrive(TWO), new_outlet="The News")
    assert "in text 1 another text seems to begin (line 13)" in problems(page)[0]
    assert nothing_kept()
    one = [field.get("value") for field in content(page).iter("input") if field.get("name") == "part-0-one"]
    other = desk.send_parts(page, one="0" * 64)
    assert "another text seems to begin" in problems(other)[0], "an answer to another text is none"
    desk.send_parts(page, one=one[0])
    assert list(Capture.objects.values_list("text", flat=True)) == [TWO]


def test_lines_that_are_ticked_are_cut_even_if_keep_was_pressed(desk):
    page = desk.send_parts(desk.arrive(TWO), new_outlet="The News", line="13")
    assert len(page.context["parts"]) == 2
    assert nothing_kept()


@pytest.mark.parametrize(
    ("line", "says"),
    [("1", "no line 1"), ("99", "no line 99"), ("two", "“two” is no number"), ("9" * 30, "is no number of a line")],
)
def test_a_line_that_is_none_is_explained_and_nothing_is_lost(desk, line, says):
    page = desk.send_parts(desk.arrive(TWO), button="_split", line=line, title="My title")
    assert says in problems(page)[0]
    assert page.context["parts"][0].form["title"].value() == "My title"
    assert page.context["parts"][0].form["text"].value() == TWO


def test_more_texts_than_a_page_takes_are_refused_and_nothing_is_lost(desk):
    lines = [f"Paragraph {number}." for number in range(30)]
    page = desk.send_parts(desk.arrive("\n\n".join(lines)), button="_split", line="31")
    numbers = ", ".join(str(number) for number in range(3, 31, 2))
    page = desk.send_parts(page, button="_split", line=numbers, part_1_line=numbers)
    assert problems(page) == [
        f"That would be 30 texts; {AT_MOST}",
    ]
    assert [part.form["text"].value() for part in page.context["parts"]] == [
        "\n\n".join(lines[:15]),
        "\n\n".join(lines[15:]),
    ]
    content(page)
    assert page.content.decode().count(f'value="{numbers}"') == 2


def test_a_place_that_was_ticked_is_still_ticked_beside_an_error(desk):
    page = desk.send_parts(desk.arrive(TWO), button="_split", places="13", line="99")
    assert "no line 99" in problems(page)[0]
    assert 'value="13" id="part-0-place-13" checked' in page.content.decode()


@pytest.mark.parametrize("number", [21, 1])
def test_a_page_with_too_many_texts_is_shown_again_whole(desk, number):
    texts = [f"Text {number}." for number in range(21)]
    sent = {f"part-{number}-text": text for number, text in enumerate(texts)}
    page = desk.post(BRING, parts=number, _keep="1", **sent)
    assert problems(page)[0] == f"That would be 21 texts; {AT_MOST}"
    assert [part.form["text"].value() for part in page.context["parts"]] == texts
    assert nothing_kept()


def test_an_uploaded_file_that_was_parted_is_still_uploaded(desk):
    page = desk.send_parts(desk.arrive(file=("two.txt", TWO.encode())), button="_split", places="13")
    desk.send_parts(page, new_outlet="The News", part_1_new_outlet="The News")
    assert list(Capture.objects.values_list("method", flat=True)) == ["uploaded", "uploaded"]


def test_what_one_text_lacks_keeps_the_other_back_too(desk):
    page = desk.send_parts(desk.arrive(TWO), button="_split", places="13")
    page = desk.send_parts(page, new_outlet="The News")
    assert problems(page) == ["Choose who published it, or name a new outlet below."]
    assert nothing_kept()
    assert page.context["parts"][1].form["text"].value() == SECOND


def test_two_texts_with_one_address_are_refused_together(desk):
    page = desk.send_parts(desk.arrive(TWO), button="_split", places="13")
    page = desk.send_parts(page, new_outlet="N", part_1_new_outlet="N", url=ADDRESS, part_1_url=f"{ADDRESS}#b")
    assert problems(page) == ["There is already a source with this address; use that one."]
    assert nothing_kept()


def test_a_known_address_leads_to_a_new_copy_of_that_source(desk):
    known = CaptureFactory(source__url=ADDRESS, text="The minister said that the talks went on.\n").source
    page = desk.send_parts(desk.arrive(TEXT), new_outlet="The News", url=f"{ADDRESS}?fbclid=1")
    assert f'href="/admin/sources/source/{known.pk}/change/"' in problems(page)[0]
    assert [stretch.kind for stretch in page.context["parts"][0].stretches if stretch.kind != "same"] != []
    desk.send_parts(page, as_copy="on", title="")
    known.refresh_from_db()
    assert (known.captures.count(), Source.objects.count(), Outlet.objects.count()) == (2, 1, 1)
    assert known.state == SourceState.CHANGED


def test_a_copy_of_the_same_words_says_that_nothing_was_written(desk):
    known = CaptureFactory(source__url=ADDRESS, text=TEXT)
    page = desk.send_parts(desk.arrive(TEXT), url=ADDRESS)
    says = told(desk.send_parts(page, as_copy="on"))
    assert len(says) == 1
    assert says[0].startswith("Nothing was written: this text is kept already")
    assert f'href="/admin/sources/capture/{known.pk}/change/"' in says[0]
    assert Capture.objects.count() == 1


def test_a_copy_of_the_same_words_beside_a_new_text_is_told_apart(desk):
    CaptureFactory(source__url=ADDRESS, text=FIRST)
    page = desk.send_parts(desk.arrive(TWO), button="_split", places="13", url=ADDRESS)
    says = told(desk.send_parts(page, as_copy="on", part_1_new_outlet="The News"))
    assert [words[:21] for words in says] == ['Kept: <a href="/admin', "This text is kept alr"]
    assert Capture.objects.count() == 2


SECRET = "The minister said in confidence that the talks went on."
BRINGS_IN = ("add_source", "add_capture", "view_outlet", "add_outlet")


@pytest.fixture
def desk_with(signed_in, administrator):
    """The desk of somebody who may do these things and no more."""

    def sit(*names):
        administrator.user_permissions.set(Permission.objects.filter(codename__in=[*BRINGS_IN, *names]))
        return Incoming(signed_in(administrator))

    return sit


@pytest.mark.parametrize(
    ("names", "known", "compared"),
    [
        ([], False, False),
        (["view_capture"], False, False),
        (["view_source"], True, False),
        (["change_source"], True, False),
        (["view_source", "view_capture"], True, True),
    ],
)
def test_what_is_kept_is_shown_to_those_who_may_see_it(desk_with, names, known, compared):
    capture = CaptureFactory(source__url=ADDRESS, source__title="Hidden title", text=SECRET)
    desk = desk_with(*names)
    page = desk.send_parts(desk.arrive(TEXT), button="_look", url=ADDRESS)
    part = page.context["parts"][0]
    assert (part.known == capture.source, part.stretches is not None) == (known, compared)
    assert (part.known is None, part.stretches is None) == (not known, not compared)
    assert ("Hidden title" in page.content.decode(), "in confidence" in page.content.decode()) == (known, compared)


def test_the_same_text_elsewhere_is_shown_to_those_who_may_see_it(desk_with):
    capture = CaptureFactory(text=TEXT)
    assert desk_with().arrive(TEXT).context["parts"][0].elsewhere == []
    assert desk_with("view_capture").arrive(TEXT).context["parts"][0].elsewhere == [capture]


@pytest.mark.parametrize("names", [[], ["view_source", "view_capture"]])
def test_a_copy_asks_for_the_permission_to_change_the_source(desk_with, names):
    known = CaptureFactory(source__url=ADDRESS, text=SECRET).source
    desk = desk_with(*names)
    page = desk.send_parts(desk.arrive(TEXT), url=ADDRESS, as_copy="on", new_outlet="The News")
    assert "There is already a source with this address" in problems(page)[0]
    assert "as_copy" not in page.context["parts"][0].form.fields
    assert known.captures.count() == 1


def test_a_copy_is_kept_by_those_who_may_change_the_source(desk_with):
    known = CaptureFactory(source__url=ADDRESS, text=SECRET).source
    desk = desk_with("change_source")
    desk.send_parts(desk.arrive(TEXT), url=ADDRESS, as_copy="on")
    assert known.captures.count() == 2


def test_a_tracked_twin_is_refused_in_the_plain_form_too(desk):
    known = SourceFactory(url=ADDRESS)
    response = desk.send("sources/source/add/", title="x", outlet=known.outlet_id, url=f"{ADDRESS}?utm_source=x")
    page = response.content.decode()
    assert "There is already a source with this address; use that one: " in page
    assert f'<a href="/admin/sources/source/{known.pk}/change/">{known.title}</a>' in page
    assert Source.objects.count() == 1


def test_an_address_that_stands_is_left_alone(desk):
    source = SourceFactory(url="https://News.example/a?utm_source=old")
    desk.send(f"sources/source/{source.pk}/change/", note="looked at")
    source.refresh_from_db()
    assert (source.url, source.note) == ("https://News.example/a?utm_source=old", "looked at")


def test_the_same_text_elsewhere_is_pointed_at(desk):
    capture = CaptureFactory(text=TEXT)
    assert list(desk.arrive(TEXT).context["parts"][0].elsewhere) == [capture]


def test_arabic_from_a_pdf_needs_a_comparison(desk):
    page = desk.arrive(file=("a.pdf", pdf("قال الوزير إن المحادثات توقفت", arabic=True)))
    assert "comes out scrambled" in page.context["parts"][0].warnings[0]
    refused = desk.send_parts(page, new_outlet="The News", title="t")
    assert problems(refused) == ["Compare the text with the page, correct it here where it is wrong, and tick this."]
    assert nothing_kept()
    desk.send_parts(refused, new_outlet="The News", title="t", compared="on")
    assert (Capture.objects.get().method, Capture.objects.get().source.language) == ("uploaded", "ar")


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Paste a text, or choose a file."),
        ({"text": " \n\t "}, "Paste the text: an empty copy proves nothing."),
        ({"text": "a\0b"}, "Null characters are not allowed."),
        ({"text": "word", "file": ("a.txt", b"words")}, "Give one of them alone: a pasted text, a file or an address."),
        ({"text": "ا" * 5_000_001}, "at most 5,000,000 are kept"),
        ({"text": f"a{HEAP}"}, "more than 50 accents"),
        ({"file": ("a.txt", f"a{HEAP}".encode())}, "more than 50 accents"),
        ({"file": ("a.txt", b"")}, "The submitted file is empty."),
        ({"file": ("a.txt", "الوزير".encode("cp1256") * 9)}, "It looks like Windows-1256"),
        ({"file": ("a.txt", "الوزير".encode()[:-1])}, "probably cut off"),
        ({"file": ("a.pdf", b"PK\x03\x04" + b"\0" * 60)}, "a zip archive, although its name ends in .pdf"),
        ({"text": "word", "encoding": "rot13"}, "Select a valid choice"),
    ],
)
def test_what_does_not_come_in_says_why_on_page_one(desk, sent, says):
    page = desk.arrive(**sent)
    assert page.status_code == 200
    assert says in problems(page)[0]
    assert nothing_kept()
    assert page.context["form"].data.get("text", "") == sent.get("text", "")


def test_the_encoding_that_was_chosen_reads_the_file(desk):
    text = "قال الوزير إن المحادثات توقفت"
    page = desk.arrive(file=("a.txt", text.encode("cp1256")), encoding="Windows-1256")
    assert page.context["parts"][0].form["text"].value() == text


def test_without_the_setting_no_address_is_asked_for(desk, settings):
    assert settings.CAPTURE_FETCH is False
    page = desk.get("sources/source/bring/").content.decode()
    assert "This site does not fetch addresses itself" in page
    assert 'name="address"' not in page
    assert problems(desk.arrive(address=ADDRESS)) == ["Paste a text, or choose a file."]


def test_with_the_setting_a_page_is_fetched(desk, settings, monkeypatch, site):
    settings.CAPTURE_FETCH = True
    # The fetch itself, allowed to reach the test's own server.
    monkeypatch.setattr(intake, "fetch", partial(fetch, reachable=site.reachable))
    page = desk.arrive(address=f"{site.here}/page/2024/08/15/talks?utm_source=x")
    assert site.asked[-1][:2] == ("/page/2024/08/15/talks", f"Rashomon (captures for {settings.SITE_URL})")
    desk.send_parts(page, new_outlet="The News")
    capture = Capture.objects.get()
    assert (capture.method, capture.source.url) == ("fetched", f"{site.here}/page/2024/08/15/talks")
    assert str(capture.source.published_from) == "2024-08-15"


def test_a_private_address_is_refused_on_page_one(desk, settings):
    settings.CAPTURE_FETCH = True
    assert "private or reserved network" in problems(desk.arrive(address="http://127.0.0.1/"))[0]


def test_who_may_do_nothing_brings_nothing_in(signed_in, administrator, reader):
    assert signed_in(administrator).get("/admin/sources/source/bring/").status_code == 403
    assert signed_in(administrator).get(f"/admin/sources/source/{SourceFactory().pk}/copy/").status_code == 403
    assert reader.get("/admin/sources/source/bring/").status_code == 302


@pytest.mark.parametrize("parts", ["", "0", "-1", "x", "٣", "999999"])
def test_a_broken_page_two_is_no_server_error(desk, parts):
    assert desk.post("sources/source/bring/", parts=parts, _keep="1").status_code == 200
    assert desk.post(f"sources/source/{SourceFactory().pk}/copy/", parts=parts).status_code == 200
    assert not Capture.objects.exists()


def test_a_heap_of_marks_on_page_two_is_refused_and_still_there(desk):
    page = desk.send_parts(desk.arrive(TEXT), new_outlet="The News", text=f"a{HEAP}")
    assert "more than 50 accents" in problems(page)[0]
    assert page.context["parts"][0].form["text"].value() == f"a{HEAP}"
    assert nothing_kept()


def test_a_page_that_was_sent_twice_is_kept_once(desk):
    page = desk.arrive(TEXT)
    desk.send_parts(page, new_outlet="The News")
    assert "This form was saved already" in problems(desk.send_parts(page, new_outlet="The News"))[0]
    assert Source.objects.count() == 1
