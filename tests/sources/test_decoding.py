"""Bytes to text: every encoding that is told, found or chosen, and a clear word for what cannot be read."""

import codecs

import pytest

from sources.decoding import ENCODINGS, DecodingError, decode, likely_encoding, name_of

ARABIC = "قال المتحدث إن المحادثات توقفت، ولم يوضح السبب.\n" * 3
ENGLISH = "The talks were halted, he said.\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (ARABIC.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + ARABIC.encode(), "UTF-8"),
        (ARABIC.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + ARABIC.encode("utf-16-be"), "UTF-16"),
        (ARABIC.encode("utf-32"), "UTF-32"),
        (codecs.BOM_UTF32_BE + ARABIC.encode("utf-32-be"), "UTF-32"),
        (ARABIC.encode("utf-16-le"), "UTF-16LE"),
        (ARABIC.encode("utf-16-be"), "UTF-16BE"),
    ],
)
def test_unicode_is_recognised(data, encoding):
    decoded = decode(data)
    assert (decoded.text, decoded.encoding) == (ARABIC, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_english_in_utf_16_without_its_mark_is_recognised(encoding):
    assert decode(ENGLISH.encode(encoding)).text == ENGLISH


@pytest.mark.parametrize(
    ("head", "declared"),
    [
        ("", "windows-1256"),
        ("", "CP1256"),
        ('<meta charset="windows-1256">', ""),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">', ""),
        ('<?xml version="1.0" encoding="windows-1256"?>', ""),
    ],
)
def test_a_declared_encoding_is_believed(head, declared):
    assert decode((head + ARABIC).encode("cp1256"), declared=declared).text == head + ARABIC


def test_utf_8_that_was_declared_otherwise_is_utf_8():
    assert decode(ARABIC.encode(), declared="iso-8859-1").text == ARABIC


def test_latin_1_is_read_as_windows_1252_as_browsers_do():
    assert decode("“halted”".encode("cp1252"), declared="iso-8859-1").text == "“halted”"


def test_a_choice_is_believed_before_all_else():
    assert decode(ARABIC.encode("cp1256"), declared="utf-8", chosen="Windows-1256").text == ARABIC
    assert decode(ARABIC.encode("utf-16"), chosen="UTF-16").text == ARABIC
    assert decode(codecs.BOM_UTF8 + ARABIC.encode(), chosen="UTF-8").text == ARABIC


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t\n", "nothing but blanks"),
        (ARABIC.encode("cp1256"), r"not in UTF-8: byte 0 \(0xDE\).*looks like Windows-1256"),
        (b"abc " + ARABIC.encode("cp1256"), "byte 4 "),
        ("Он сказал, что переговоры остановлены".encode("cp1251"), "looks like Windows-1251"),
        ("The café was naïve, they said".encode("cp1252"), "byte 7 .*looks like Windows-1252"),
        (ARABIC.rstrip(".\n").encode()[:-1], "probably cut off"),
        (codecs.BOM_UTF16_LE + ENGLISH.encode("utf-16-le")[:-1], "probably cut off"),
        (b"halted\0by", "NUL character at byte 6"),
    ],
)
def test_what_cannot_be_read_says_why(data, says):
    with pytest.raises(DecodingError, match=says):
        decode(data)


@pytest.mark.parametrize(
    ("data", "chosen"),
    [
        (ARABIC.encode("cp1256"), "UTF-8"),
        (b"caf\x81", "Windows-1252"),
        (b"\xff\xff\xff", "GB18030"),
        (b"\x00\xd8\x00\x00", "UTF-16LE"),
    ],
)
def test_a_wrong_choice_is_an_error(data, chosen):
    with pytest.raises(DecodingError, match=f"not in {chosen}, which you chose"):
        decode(data, chosen=chosen)


def test_lines_end_in_line_feeds_and_letters_are_composed():
    assert decode("a\r\nb\rcafe\u0301".encode()).text == "a\nb\ncafé"


def test_only_listed_encodings_are_declared():
    assert [name_of(label) for label in ("utf8", "latin1", "unicode_escape", "zlib", "utf-7", "nonsense")] == [
        *("UTF-8", "Windows-1252", "", "", "", ""),
    ]
    assert all(name_of(name) for name in ENCODINGS)


def test_no_encoding_is_guessed_for_noise():
    assert likely_encoding(bytes(range(128, 160)) * 10) == ""


def test_a_heap_of_marks_is_no_text():
    with pytest.raises(DecodingError, match="At place 1 of the text more than 50 accents"):
        decode(f"a{chr(0x301) * 51}".encode())
