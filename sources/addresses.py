"""One spelling for each web address, so that a source is found again by it. Pure; no Django.

`canonical` folds what cannot matter (case of scheme and host, the default port, the fragment, escapes that need none)
and drops the parameters that only count visitors. Everything that may choose another page stays, in its order.
"""

import ipaddress
import re
import unicodedata
from urllib.parse import quote, unquote_to_bytes, urlsplit

LONGEST = 2000  # Characters, as long as a source's address may be.
LONGEST_GIVEN = 4 * LONGEST  # Of one that still has its trackers; beyond, reading it would take long.
TOO_LONG = f"This address is longer than {LONGEST:,} characters; leave out what only tracks visitors."
DEFAULT_PORTS = {"http": 80, "https": 443}

# What newsletters, social networks and advertisers append; no site chooses a page by one of these.
TRACKERS = frozenset(
    {"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh"}
    | {"mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi", "ref_src", "ref_url", "vero_id", "oly_enc_id"}
)
TRACKER_PREFIXES = ("utm_",)

_BLANK_OR_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")


class AddressError(ValueError):
    """A sentence for whoever gave the address: what is wrong with it, and what to write."""


def canonical(address: str) -> str:
    """The one spelling of an http or https address. Raises AddressError for anything else.

    `canonical(canonical(a)) == canonical(a)`. The host is in its ASCII form (xn--…), other letters are
    percent-encoded UTF-8, as browsers send them.
    """
    text = address.strip()
    if len(text) > LONGEST_GIVEN:
        raise AddressError(TOO_LONG)
    if _BLANK_OR_CONTROL.search(text):
        raise AddressError("An address has no blanks and no line breaks; copy it again from the browser.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressError("This address cannot be read; copy it again from the browser.") from error
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise AddressError("Give an address that begins with http:// or https://.")
    if "@" in parts.netloc or "\\" in text:
        raise AddressError("An address with a user name or password in it, or with a backslash, is not taken.")
    if port == 0:
        raise AddressError("Port 0 is none; leave the port out.")
    host = host_of(parts.netloc)
    ending = "" if port in (None, DEFAULT_PORTS[scheme]) else f":{port}"
    path = _without_dots(_escaped(parts.path, "/:@!$&'()*+,;=")) or "/"
    kept = [piece for piece in parts.query.split("&") if piece and not _tracks(piece)]
    query = _escaped("&".join(kept), "/?:@!$&'()*+,;=")
    found = f"{scheme}://{host}{ending}{path}{'?' if query else ''}{query}"
    if len(found) > LONGEST:
        raise AddressError(TOO_LONG)
    return found


def host_of(netloc: str) -> str:
    """The host of `host:port`, in lower case and ASCII. Raises AddressError where it names none.

    Letters are folded as browsers do it (compatibility forms, then case), but ß stays itself: the older rules made
    it ss, which is another site.
    """
    bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::\d*)?", netloc)
    if bracketed:
        try:
            return f"[{ipaddress.IPv6Address(bracketed[1]).compressed}]"
        except ValueError as error:
            raise AddressError("The number in brackets is no IPv6 address.") from error
    name = re.sub(r":\d*$", "", netloc).replace("。", ".")
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).lower()).removesuffix(".")
    labels = [label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in name.split(".")]
    if (
        not name
        or any(len(label) > 63 or not _HOST.fullmatch(label) for label in labels)
        or len(".".join(labels)) > 253
    ):
        raise AddressError("The address names no host that can be; copy it again from the browser.")
    return ".".join(labels)


def _tracks(piece: str) -> bool:
    name = unquote_to_bytes(piece.partition("=")[0]).decode("utf-8", "replace").lower()
    return name in TRACKERS or name.startswith(TRACKER_PREFIXES)


def _escaped(text: str, safe: str) -> str:
    """Escapes in capitals, none where none is needed, one for each byte that is not ASCII."""

    def fold(found: re.Match[str]) -> str:
        character = chr(int(found[0][1:], 16))
        return character if character in _UNRESERVED else found[0].upper()

    # A percent sign that begins no escape stands for itself.
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", _ESCAPE.sub(fold, text))
    return quote(whole, safe=f"%{safe}")


def _without_dots(path: str) -> str:
    """A path without `.` and `..` (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    pieces = path.split("/")
    for place, piece in enumerate(pieces):
        last = place == len(pieces) - 1
        if piece == "..":
            if len(kept) > 1:
                kept.pop()
        elif piece != ".":
            kept.append(piece)
            continue
        if last:
            kept.append("")
    return "/".join(kept)
