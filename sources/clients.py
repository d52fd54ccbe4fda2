"""From where a request comes, as far as that can be known behind proxies."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The client's address; of IPv6 the network, since one subscriber has 2^64 addresses of it.

    Behind n trusted proxies (TRUSTED_PROXIES) it is the n-th last of X-Forwarded-For: whatever stands before that a
    client may have written. Where the header is not as those proxies write it, the connection's own address counts.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies = settings.TRUSTED_PROXIES
    told = hops[-proxies] if 0 < proxies <= len(hops) else ""
    for candidate in (told, request.META.get("REMOTE_ADDR", "")):
        try:
            address = ipaddress.ip_address(candidate)
        except ValueError:
            continue
        if isinstance(address, ipaddress.IPv4Address):
            return str(address)
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return ""
