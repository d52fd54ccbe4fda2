"""Files in, text or a sentence out, in a process of its own: every kind that is read, every fault, every bomb."""

import json
import re
import resource
import socket
import subprocess
import sys
import zipfile
import zlib
from importlib.metadata import version
from io import BytesIO

import pytest
from django.conf import settings

from sources.extraction import ExtractionError, extract, read
from sources.extractors import SCRAMBLED, MissingLibrary
from sources.kept_text import MOST_TEXT
from tests.sources.files import ARTICLE, ARTICLE_TEXT, encrypted, on_disk, pdf

HEAP = "\u0301\u0316" * 40_000
ARABIC = "قال الوزير إن المحادثات توقفت"


def text_of(data, **asked):
    with on_disk(data) as file:
        return extract(file, **asked)


def refusal(data, **asked):
    with pytest.raises(ExtractionError) as raised:
        text_of(data, **asked)
    return str(raised.value)


def test_a_page_gives_the_words_of_its_article():
    found = text_of(ARTICLE.encode(), name="page.bin")
    assert found.text == ARTICLE_TEXT
    assert (found.extractor, found.version) == ("trafilatura", version("trafilatura"))
    assert [(each.value, each.origin) for each in found.proposals if each.field == "title"] == [
        ("Talks halted after attack", "og:title")
    ]
    assert "compare it with the page" in found.warnings[0]


def test_markdown_gives_plain_words_without_front_matter():
    data = (
        "---\ntitle: \"Readout of\\\n  \\ a\\_call\"\ndate: '2024-01-16'\n---\n\n# A *call*\n\n"
        "The [minister](https://a.example) said\n“**no**” &amp; left.\n\n"
        "- one\n- two\n\n> quoted\n\n| a | b |\n|---|---|\n| c | d |\n\n<div>kept</div>\n"
    )
    found = text_of(data.encode(), name="readout.md")
    assert found.text == "A call\n\nThe minister said\n“no” & left.\n\none\n\ntwo\n\nquoted\n\na\n\nb\n\nc\n\nd\n\nkept"
    assert found.extractor == "markdown-it-py"
    assert {each.field: each.value for each in found.proposals}["title"] == "Readout of a call"
    assert {each.field: each.value for each in found.proposals}["published"] == "2024-01-16"


def test_plain_text_is_taken_as_it_is():
    found = text_of("A headline\r\n\r\n* no *mark* here\r\n".encode("utf-16"), name="a.txt")
    assert (found.text, found.extractor) == ("A headline\n\n* no *mark* here\n", "")
    assert found.warnings == ["Read as UTF-16, by its byte order mark."]


def test_a_wrong_encoding_names_the_byte_and_the_likely_one_and_a_choice_reads_it():
    data = ARABIC.encode("cp1256")
    assert "byte 0 (0xDE)" in refusal(data)
    assert "It looks like Windows-1256" in refusal(data)
    assert text_of(data, chosen="Windows-1256").text == ARABIC
    assert "UTF-8" in text_of(ARABIC.encode(), chosen="Windows-1256").warnings[0]


def test_a_pdf_gives_the_text_of_its_pages():
    found = text_of(pdf("The talks were halted.", "", "He said no."), name="a.pdf")
    assert found.text == "The talks were halted.\n\nHe said no."
    assert (found.extractor, found.version) == ("pypdf", version("pypdf"))
    assert found.warnings == ["Without text (a picture, or an empty page): page 2 of 3."]
    assert not found.scrambled


def test_arabic_in_a_pdf_is_flagged_as_scrambled():
    found = text_of(pdf(ARABIC, arabic=True))
    assert (found.scrambled, found.warnings[0]) == (True, SCRAMBLED)
    # This is why: the letters of each word come in the order in which they stand on the page.
    assert found.text == ARABIC[::-1]


def test_a_pdf_locked_with_an_empty_password_is_read():
    assert text_of(encrypted(pdf("The talks were halted."), "")).text == "The talks were halted."


def docx():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


def bomb(size):
    """A PDF whose one page unpacks to many megabytes of text."""
    content = zlib.compress(b"BT /F1 12 Tf " + b"(halted) Tj " * (size // 12) + b"ET", 9)
    page = pdf("x").replace(b"<< /Length 37 >>", b"<< /Length 37 >>")
    start = page.index(b"6 0 obj")
    end = page.index(b"endobj", start)
    return (
        page[:start]
        + b"6 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\n" % (len(content), content)
        + page[end:]
    )


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", lambda: b"", "The file is empty"),
        ("a.txt", lambda: ARABIC.encode()[:-1], "probably cut off"),
        ("a.txt", lambda: b"halted\0by", "NUL character at byte 6"),
        ("a.txt", lambda: b"word " * (MOST_TEXT // 5 + 1), "longer than 5,000,000 characters"),
        ("a.pdf", lambda: encrypted(pdf("words"), "secret"), "locked with a password"),
        ("a.pdf", lambda: pdf("words")[:60], "broken"),
        ("a.pdf", lambda: b"%PDF-1.7\n" + b"\xff\x00" * 500, "broken"),
        ("a.pdf", lambda: pdf("", ""), "has 2 pages and no text: it is probably a scan"),
        ("a.pdf", lambda: b"no PDF at all", "called a PDF and is none"),
        ("a.pdf", docx, "a Word file (a zip archive), although its name ends in .pdf"),
        ("a.docx", docx, "a Word file (a zip archive)."),
        ("a.pdf", lambda: b"PK\x03\x04" + b"\0" * 60, "a zip archive, although its name ends in .pdf. Unpack it"),
        ("a.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 60, "a picture (JPEG)"),
        ("a.txt", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "a picture (PNG), although its name ends in .txt"),
        ("a.txt", lambda: rb"{\rtf1\ansi words}", "a Rich Text (RTF) file"),
        ("a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, "an old Word, Excel or PowerPoint file"),
        ("a.html", lambda: b"<html><body></body></html>", "No article was found"),
        ("a.md", lambda: b"---\ntitle: x\n---\n\n", "holds no words"),
        ("a.txt", lambda: f"a{HEAP}".encode(), "At place 1 of the text more than 50 accents"),
        ("a.html", lambda: ARTICLE.replace("halted", f"halted{'&#x316;' * 60}").encode(), "more than 50 accents"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_read_says_what_it_is_and_what_to_do(name, data, says):
    with on_disk(data()) as file, pytest.raises(ValueError, match=re.escape(says)):
        # In this process: only what hurts needs another.
        read(file, {"name": name, "content_type": "", "charset": "", "chosen": "", "base": ""})


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("nested.html", lambda: b"<html><body>" + b"<div>" * 100_000 + b"words", "paste its text"),
        (
            "laughs.html",
            lambda: b'<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;">]><html><body><p>&b;</p>',
            "defines entities",
        ),
        ("long.html", lambda: b"<html><body>" + b"<p>a" * 3_000_000, "longer than 10,000,000 characters"),
        ("bomb.pdf", lambda: bomb(100_000_000), "unpacks to more"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_bomb_ends_in_a_sentence_and_never_in_our_memory(name, data, says):
    made = data()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ExtractionError, match=says):
        text_of(made, name=name)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # Kilobytes.
    # The largest child of this process, ever, stayed within its limit.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_100_000


@pytest.mark.parametrize(
    ("module", "name", "data"),
    [("trafilatura", "a.html", ARTICLE.encode()), ("markdown_it", "a.md", b"words"), ("pypdf", "a.pdf", pdf("words"))],
)
def test_a_library_that_is_not_installed_is_named(monkeypatch, module, name, data):
    monkeypatch.setitem(sys.modules, module, None)
    with on_disk(data) as file, pytest.raises(MissingLibrary, match=r"is not installed. Paste the text"):
        read(file, {"name": name, "content_type": "", "charset": "", "chosen": "", "base": ""})


def test_reading_a_page_opens_no_connection():
    """Whatever a page points at: the server that it names hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = f"http://127.0.0.1:{server.getsockname()[1]}"
        page = ARTICLE.replace(
            "<!doctype html>",
            f'<!DOCTYPE html PUBLIC "-//X//DTD" "{here}/dtd"><?xml-stylesheet href="{here}/css"?>',
        ).replace("</h1>", f'</h1><img src="{here}/a.png"><iframe src="{here}/b"></iframe>')
        assert "halted" in text_of(page.encode()).text
        # The system takes calls for a server and keeps them until they are accepted, so none was missed.
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


REACHING_OUT = """
import os, socket, subprocess, sys
from sources import extraction

def reader(file, asked):
    datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    nowhere = ("127.0.0.1", 9)
    reaching = {
        "connect": lambda: socket.create_connection(nowhere, 1),
        "send": lambda: datagram.sendto(b"x", nowhere),
        "look up": lambda: socket.getaddrinfo("localhost", 1),
        "look up by name": lambda: socket.gethostbyname("localhost"),
        "listen": lambda: datagram.bind(("127.0.0.1", 0)),
        "run": lambda: subprocess.run([sys.executable, "-V"]),
        "shell": lambda: os.system("true"),
        "spawn": lambda: os.posix_spawn(sys.executable, [sys.executable, "-V"], {}),
        "become": lambda: os.execv("/nonexistent", ["x"]),
        "fork": lambda: os.fork() or os._exit(0),
    }
    refused = []
    for name, reach in reaching.items():
        try:
            reach()
        except PermissionError as error:
            if "no place in reading a file" in str(error):
                refused.append(name)
        except OSError:
            pass
    raise extraction.KindError(", ".join(refused))

extraction.read = reader
sys.exit(extraction.main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="names what only Unix has")
def test_the_program_that_reads_files_reaches_nothing():
    """A hook cannot be taken off again: a process of its own tries it, the program that reads with another reader."""
    command = [sys.executable, "-c", REACHING_OUT, "{}"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=settings.BASE_DIR)
    assert json.loads(ran.stdout) == {
        "error": "connect, send, look up, look up by name, listen, run, shell, spawn, become, fork"
    }
