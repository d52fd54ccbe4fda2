"""Small files made for a test: PDFs written by hand, so that each fault is known; nothing random."""

import io
import tempfile

ARTICLE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Talks halted</title>'
    '<meta property="og:title" content="Talks halted after attack"></head><body>'
    '<nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Talks halted after attack</h1>'
    "<p>The minister said that the talks had been <b>halted</b> after the attack on the base.</p>"
    "<p>“We will go on when the situation is calm,” he added, and left the room without a further word.</p>"
    "</article><footer>All rights reserved</footer></body></html>"
)
ARTICLE_TEXT = (
    "Talks halted after attack\n\nThe minister said that the talks had been halted after the attack on the base.\n\n"
    "“We will go on when the situation is calm,” he added, and left the room without a further word."
)


def on_disk(data):
    """A file as an upload is: on the disk."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  The test closes it.
    file.write(data)
    file.seek(0)
    return file


def pdf(*pages, arabic=False):
    """A PDF with one line of text on each page; "" is a page without any, as a scan is."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(len(pages))), len(pages)),
        _ARABIC_FONT if arabic else b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        _stream(_ARABIC_MAP),
    ]
    for n, words in enumerate(pages):
        shown = words.encode("utf-16-be").hex().encode() if arabic else words.encode("latin-1").hex().encode()
        content = b"BT /F1 12 Tf 72 700 Td <%s> Tj ET" % shown if words else b""
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (6 + 2 * n)
        )
        objects.append(_stream(content))
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def _stream(content):
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


# Two bytes a letter, which are its code point: the font's own map says so.
_ARABIC_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Some /Encoding /Identity-H /ToUnicode 4 0 R /DescendantFonts "
    b"[<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Some /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
    b"/Supplement 0 >> >>] >>"
)
_ARABIC_MAP = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <0000> <FFFF> "
    b"endcodespacerange 2 beginbfrange <0020> <007E> <0020> <0600> <06FF> <0600> endbfrange endcmap end end"
)


def encrypted(data, password, algorithm="RC4-128"):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
