"""One web page to one file, without becoming a door into our own network. The site's only outbound connection.

`fetch` is for the desk: it runs `download` in a confined process (`python -m` this module), so that ten seconds are ten
seconds whatever the other side drips, and hands the body over as a file on the disk.

An address is looked up once; every number it could lead to that is not a public one is refused; and the connection
goes to the very number that was checked (requests-hardened), so a name cannot change its mind in between. Redirects
are followed by hand and each is checked like the first.
"""

import ipaddress
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any
from urllib.parse import urljoin

from sources.addresses import AddressError, canonical
from sources.confinement import Broken, confine, run

MOST_BYTES = 10 * 1024 * 1024
MOST_REDIRECTS = 3
SECONDS = 10
QUIET_SECONDS = 5  # Of one silence, of the other side's.
MEMORY = 512 * 1024 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})

PRIVATE = "The address leads to a private or reserved network, which this site does not enter; paste the text instead."
TOO_SLOW = f"The address did not answer in full within {SECONDS} seconds; try again, or save the page and upload it."

# Where a test's own server listens: host number and port.
Reachable = Collection[tuple[str, int]]


class FetchError(ValueError):
    """A sentence for the editor: why nothing was fetched, and what to do."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What answered: the final address, its Content-Type without parameters, and its declared charset ("" for none)."""

    url: str
    content_type: str
    charset: str


def fetch(url: str, *, agent: str, reachable: Reachable = ()) -> tuple[Fetched, IO[bytes]]:
    """Get a page; the file's length is at most MOST_BYTES, the time at most SECONDS. Raises FetchError.

    `agent` names this site to the other. `reachable` is for tests alone: numbers that are let through although they are
    private; nothing that an operator sets leads here.
    """
    try:
        asked = json.dumps({"url": canonical(url), "agent": agent, "reachable": list(reachable)})
        answer = run("sources.fetching", asked, source=None, seconds=SECONDS, answer=MOST_BYTES + 65_536)
    except AddressError as error:
        raise FetchError(str(error)) from error
    except Broken as broken:
        if broken.late:
            raise FetchError(TOO_SLOW) from None
        raise FetchError("Fetching the address failed; save the page and upload it.") from None
    with answer:
        about = json.loads(answer.readline())
        if "error" in about:
            raise FetchError(about["error"])
        body = tempfile.TemporaryFile()  # noqa: SIM115  The caller closes it.
        shutil.copyfileobj(answer, body)
    body.seek(0)
    return Fetched(**about), body


def download(url: str, *, agent: str, reachable: Reachable = ()) -> tuple[Fetched, bytes]:
    """Follow an address to its page. Raises FetchError."""
    try:
        import requests
    except ImportError as error:
        raise FetchError(
            "This site cannot fetch: requests-hardened is not installed. Paste the text, or ask whoever runs the site "
            "to install the packages of requirements.txt."
        ) from error
    ends = time.monotonic() + SECONDS
    here = url
    for _ in range(MOST_REDIRECTS + 1):
        try:
            here = canonical(here)
            with _session(agent, reachable) as session, _opened(session, here) as response:
                if response.status_code in REDIRECTS and response.headers.get("Location"):
                    here = urljoin(here, response.headers["Location"])
                    continue
                if response.status_code != 200:
                    raise FetchError(
                        f"The address answered with {response.status_code}, not with a page; look at it in a browser."
                    )
                return _about(here, response), b"".join(_pieces(response, ends))
        except AddressError as error:
            raise FetchError(str(error)) from error
        except requests.Timeout as error:
            raise FetchError(TOO_SLOW) from error
        except requests.exceptions.SSLError as error:
            raise FetchError("The address has no certificate that can be trusted; look at it in a browser.") from error
        except (requests.RequestException, OSError, UnicodeError) as error:
            if type(error).__name__ == "InvalidIPAddress":
                raise FetchError(PRIVATE) from error
            raise FetchError("The address cannot be reached; look at it in a browser, and paste the text.") from error
    raise FetchError(f"The address redirects more than {MOST_REDIRECTS} times; give the address where it ends.")


def _session(agent: str, reachable: Reachable) -> Any:
    """A session for one request: no proxies, cookies or passwords from the surroundings, every connection checked."""
    from requests_hardened import Config, HTTPSession
    from requests_hardened.ip_filter import InvalidIPAddress
    from requests_hardened.ip_filter_adapter import IPFilterAdapter

    class Public(IPFilterAdapter):
        """Stricter than its parent: whatever is not a public number is refused, once the parent has fixed one."""

        def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
            host, pool = super().build_connection_pool_key_attributes(*args, **kwargs)
            number = str(host["host"]).strip("[]")
            port = host["port"] or (443 if host["scheme"] == "https" else 80)
            if not is_public(number) and (number, port) not in {tuple(each) for each in reachable}:
                raise InvalidIPAddress(number)
            return host, pool

    config = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=bool(reachable),
        never_redirect=True,
        default_timeout=(QUIET_SECONDS, QUIET_SECONDS),
        user_agent_override=agent,
    )
    session = HTTPSession(config)
    # Else a proxy of the surroundings would look names up, and .netrc would hand out passwords.
    session.trust_env = False
    for scheme in ("http", "https"):
        session.mount(f"{scheme}://", Public(scheme == "https", allow_loopback=bool(reachable)))
    return session


def _opened(session: Any, url: str) -> Any:
    headers = {"Accept": "text/html,application/pdf,text/plain;q=0.9,*/*;q=0.5", "Accept-Encoding": "gzip"}
    return session.get(url, stream=True, headers=headers)


def is_public(number: str) -> bool:
    """Whether an IP number is one that the public Internet routes to one machine.

    An IPv6 number that carries an IPv4 one is as public as that one.
    """
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if inner := address.ipv4_mapped or address.sixtofour:
            return is_public(str(inner))
        if address in _TRANSLATED or address in _COMPATIBLE or address.teredo or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")


def _about(url: str, response: Any) -> Fetched:
    kind, _, rest = response.headers.get("Content-Type", "").partition(";")
    charset = next(
        (value.strip("\"' ") for name, _, value in (each.strip().partition("=") for each in rest.split(";"))
         if name.lower() == "charset"),
        "",
    )  # fmt: skip
    return Fetched(url, kind.strip().lower()[:100], charset[:40])


def _pieces(response: Any, ends: float) -> Iterator[bytes]:
    """The body, unpacked, in pieces; its length is counted unpacked."""
    too_large = FetchError(f"The page is larger than {MOST_BYTES >> 20} MB; save it and upload it, or paste the text.")
    declared = response.headers.get("Content-Length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > MOST_BYTES:
        raise too_large
    length = 0
    for piece in response.iter_content(64 * 1024):
        length += len(piece)
        if length > MOST_BYTES:
            raise too_large
        if time.monotonic() > ends:
            raise FetchError(TOO_SLOW)
        yield piece


def main() -> int:
    """Answer with one line of JSON and the body on standard output."""
    confine(seconds=SECONDS, answer=MOST_BYTES + 65_536, memory=MEMORY)
    asked = json.loads(sys.argv[1])
    reachable = [(host, port) for host, port in asked["reachable"]]
    try:
        about, body = download(asked["url"], agent=asked["agent"], reachable=reachable)
    except FetchError as error:
        head, body = {"error": str(error)}, b""
    else:
        head = asdict(about)
    with os.fdopen(1, "wb", closefd=False) as out:
        out.write(json.dumps(head).encode() + b"\n" + body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
