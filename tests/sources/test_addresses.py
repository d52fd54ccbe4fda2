"""One spelling for each address: what folds, what never does, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.addresses import AddressError, canonical


@pytest.mark.parametrize(
    ("given_as", "kept_as"),
    [
        ("HTTPS://WWW.Example.COM/News", "https://www.example.com/News"),
        ("http://example.com", "http://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://example.com/a#:~:text=halted", "https://example.com/a"),
        ("https://example.com/a/../b/./c", "https://example.com/b/c"),
        ("https://example.com/%7euser/%e2%80%99", "https://example.com/~user/%E2%80%99"),
        ("https://example.com/خبر", "https://example.com/%D8%AE%D8%A8%D8%B1"),
        ("https://مثال.إختبار/", "https://xn--mgbh0fb.xn--kgbechtv/"),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("https://[2001:DB8:0:0::1]/", "https://[2001:db8::1]/"),
        ("  https://example.com/a\n", "https://example.com/a"),
    ],
)
def test_what_cannot_matter_folds(given_as, kept_as):
    assert canonical(given_as) == kept_as


@pytest.mark.parametrize(
    "name",
    [
        *("utm_source", "UTM_Medium", "utm%5Fcampaign", "fbclid", "gclid", "gclsrc", "dclid", "msclkid"),
        *("mc_cid", "mc_eid", "igshid", "yclid", "_ga", "ref_src"),
    ],
)
def test_trackers_are_dropped(name):
    assert canonical(f"https://example.com/a?b=2&{name}=x&a=1") == "https://example.com/a?b=2&a=1"
    assert canonical(f"https://example.com/a?{name}=x") == "https://example.com/a"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a?id=2&page=1",
        "https://example.com/a?page=1&id=2",
        "https://example.com/a/",
        "https://example.com/a?ref=2",
        "https://example.com/a?empty=&b",
        "https://example.com/a?q=a+b%26c",
        "https://example.com/A",
    ],
)
def test_what_may_choose_a_page_stays(address):
    assert canonical(address) == address


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://example.com/", "http:// or https://"),
        ("javascript:alert(1)", "http:// or https://"),
        ("example.com/a", "http:// or https://"),
        ("", "http:// or https://"),
        ("https://user:secret@example.com/", "user name"),
        ("https://example.com\\@evil.example/", "backslash"),
        ("https://exa mple.com/", "no blanks"),
        ("https://example.com/a\nb", "no blanks"),
        ("https:///path", "no host"),
        ("https://exa_mple..com/", "no host"),
        ("https://example.com:99999/", "cannot be read"),
        ("https://example.com:0/", "Port 0"),
        ("https://[::g]/", "cannot be read|no IPv6"),
        ("https://example.com/" + "a" * 2000, "longer than 2,000"),
        # To bring so many marks to one order would take seconds.
        ("https://a" + "\u0301\u0316" * 40_000, "longer than 2,000"),
    ],
)
def test_what_is_no_address_says_what_to_do(address, says):
    with pytest.raises(AddressError, match=says):
        canonical(address)


@given(
    st.builds(
        "https://example.com/{}?{}".format,
        st.text("aZ09/.%é~خ-_ ", max_size=20).map(lambda path: path.replace(" ", "")),
        st.text("ab=&%1é+utm_", max_size=20),
    )
)
def test_the_one_spelling_is_its_own(address):
    assert canonical(canonical(address)) == canonical(address)
