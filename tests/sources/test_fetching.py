"""The site's one outbound connection: what it refuses, what it follows, when it stops. Servers on loopback only."""

import socket
import sys
import time
from ipaddress import ip_address

import pytest
from requests_hardened.ip_filter import get_ip_address

from sources import fetching
from sources.fetching import PRIVATE, FetchError, download, fetch, is_public
from tests.sources.files import ARTICLE

pytestmark = pytest.mark.filterwarnings("error")


def test_a_page_is_fetched_in_a_process_of_its_own(site):
    about, body = fetch(f"{site.here}/page#part", agent="Rashomon (https://a.example)", reachable=site.reachable)
    with body:
        assert body.read() == ARTICLE.encode()
    assert (about.url, about.content_type, about.charset) == (f"{site.here}/page", "text/html", "UTF-8")
    assert site.asked[-1][:2] == ("/page", "Rashomon (https://a.example)")


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1/", "http://127.8.9.1/", "http://localhost/", "http://127.1/", "http://[::1]/"),
        *("http://2130706433/", "http://0177.0.0.1/", "http://0x7f000001/", "http://0x7f.1/"),
        *(
            "http://0.0.0.0/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::7f00:1]/",
        ),
        *("http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[fec0::1]/"),
        *("http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://198.18.0.1/"),
        *("http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2001::7f00:1]/"),
        *("http://224.0.0.1/", "http://255.255.255.255/", "http://240.0.0.1/", "https://127.0.0.1/"),
    ],
)
def test_no_private_number_is_entered_however_it_is_written(monkeypatch, address):
    # Else a machine without IPv6 would not even read such a number.
    monkeypatch.setattr("urllib3.util.connection.HAS_IPV6", True)
    _, connected = _resolving(monkeypatch, [])
    with pytest.raises(FetchError) as raised:
        download(address, agent="test")
    assert (str(raised.value), connected) == (PRIVATE, [])


@pytest.mark.parametrize("number", ["fec0::1", "::7f00:1", "::a00:1", "4000::1"])
def test_our_own_rule_refuses_what_the_library_lets_through(monkeypatch, number):
    monkeypatch.setattr("urllib3.util.connection.HAS_IPV6", True)
    assert get_ip_address(number, 80, allow_loopback=False) == (ip_address(number), 80)
    _, connected = _resolving(monkeypatch, [number])
    with pytest.raises(FetchError) as raised:
        download("http://rebind.example/", agent="test")
    assert (str(raised.value), connected) == (PRIVATE, [])


def test_a_test_reaches_its_own_server_and_no_other_of_the_machine(monkeypatch):
    """To let a test's server through, the library lets all of loopback through; our rule does not."""
    _, connected = _resolving(monkeypatch, ["127.0.0.1"])
    with pytest.raises(FetchError) as raised:
        download("http://rebind.example:81/", agent="test", reachable=[("127.0.0.1", 80)])
    assert (str(raised.value), connected) == (PRIVATE, [])


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("::ffff:93.184.216.34", True),
        ("::ffff:10.0.0.1", False),
        ("::10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("2002:a00:1::", False),
        ("64:ff9b::5db8:d822", False),
        ("192.0.2.1", False),
        ("100.127.255.255", False),
    ],
)
def test_public_numbers_are_told_from_the_others(number, public):
    assert is_public(number) is public


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "http://user:word@a.example/"]
)
def test_only_plain_web_addresses_are_fetched(address):
    with pytest.raises(FetchError, match=r"http:// or https://|user name"):
        fetch(address, agent="test")


def _resolving(monkeypatch, answers):
    """Names resolve to these numbers in turn; every connection is recorded and refused."""
    looked_up, connected = [], []
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if host != "rebind.example":
            return real(host, port, *args, **kwargs)
        looked_up.append(host)
        number = answers[min(len(looked_up), len(answers)) - 1]
        family = socket.AF_INET6 if ":" in number else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (number, port))]

    def connect(self, address):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return looked_up, connected


def test_the_connection_goes_to_the_very_number_that_was_checked(monkeypatch):
    """A name that is public when it is looked up and private from then on (rebinding)."""
    looked_up, connected = _resolving(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(FetchError, match="cannot be reached"):
        download("http://rebind.example/", agent="test")
    assert (looked_up, connected) == (["rebind.example"], [("93.184.216.34", 80)])


def test_a_name_that_leads_inside_is_never_connected_to(monkeypatch):
    looked_up, connected = _resolving(monkeypatch, ["10.0.0.1"])
    with pytest.raises(FetchError) as raised:
        download("https://rebind.example/", agent="test")
    assert (str(raised.value), looked_up, connected) == (PRIVATE, ["rebind.example"], [])


def test_three_redirects_are_followed_and_four_are_not(site):
    about, body = download(f"{site.here}/hops/2", agent="test", reachable=site.reachable)
    assert (about.url, body) == (f"{site.here}/page", ARTICLE.encode())
    with pytest.raises(FetchError, match="more than 3 times"):
        download(f"{site.here}/hops/3", agent="test", reachable=site.reachable)


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ("http://127.0.0.1:1/", PRIVATE),
        ("http://169.254.169.254/", PRIVATE),
        ("http://10.0.0.1/", PRIVATE),
        ("//localhost:1/", PRIVATE),
        ("//[::1]/", PRIVATE),
        ("file:///etc/passwd", "Give an address that begins with http:// or https://."),
    ],
)
def test_a_redirect_to_the_inside_is_refused(monkeypatch, site, inside, says):
    monkeypatch.setattr("urllib3.util.connection.HAS_IPV6", True)
    site.inside = inside
    with pytest.raises(FetchError) as raised:
        download(f"{site.here}/inside", agent="test", reachable=site.reachable)
    assert str(raised.value) == says


@pytest.mark.parametrize("path", ["large", "packed", "declared"])
def test_a_page_is_cut_off_at_its_limit(site, path):
    with pytest.raises(FetchError, match="larger than 10 MB"):
        download(f"{site.here}/{path}", agent="test", reachable=site.reachable)


def test_an_error_is_no_page(site):
    with pytest.raises(FetchError, match="answered with 404"):
        download(f"{site.here}/nowhere", agent="test", reachable=site.reachable)


def test_nothing_of_the_surroundings_is_used(site, monkeypatch):
    """A proxy would look names up for us, and past the check."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert download(f"{site.here}/page", agent="test", reachable=site.reachable)[1] == ARTICLE.encode()


def test_without_its_library_nothing_is_fetched(monkeypatch):
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(FetchError, match=r"requests-hardened is not installed. Paste the text"):
        download("https://a.example/", agent="test")


def test_ten_seconds_are_ten_seconds(site, monkeypatch):
    """A server that drips keeps every single wait short; the whole is cut all the same (here after two seconds)."""
    monkeypatch.setattr(fetching, "SECONDS", 2)
    began = time.monotonic()
    with pytest.raises(FetchError, match="did not answer in full"):
        fetch(f"{site.here}/drip", agent="test", reachable=site.reachable)
    assert time.monotonic() - began < 8
