"""Who opens a page: a person, or a program that looks at links by itself, and from which network address.

One place for every page that counts.
"""

import re
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from flask import Request

_ROBOTS = re.compile(
    r"bot\b|crawl|spider|slurp|preview|facebookexternalhit|facebookcatalog|embedly|whatsapp|telegram|discord"
    r"|skypeuripreview|pinterest|vkshare|mediapartners|headless|lighthouse|pingdom|uptime|monitor|scanner"
    r"|curl|wget|python|java/|go-http|okhttp|node-fetch|axios|libwww|httpclient|linespider|line-poker",
    re.IGNORECASE,
)


def is_robot(agent: str) -> bool:
    """Whether a User-Agent is a program's that reads pages by itself; an empty one is taken for one too."""
    return not agent.strip() or _ROBOTS.search(agent) is not None


def is_person(request: Request) -> bool:
    """Whether somebody opens this page now: not its head, not ahead of time, not in a frame, and no program."""
    is_early = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    is_framed = request.headers.get("Sec-Fetch-Dest") == "iframe"
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and not (is_early or is_framed or is_robot(agent))


def address_of(request: Request) -> str:
    """Whose address counts where somebody is slowed down."""
    forwarded = [part for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return client_address(request.remote_addr, forwarded)


def client_address(peer: str | None, forwarded: Sequence[str]) -> str:
    """Who is asking, for throttling: the peer; behind a proxy of our own network what that proxy added last.

    A peer with a public address is nobody's proxy, whatever it claims. IPv6: the network of 64 bits, since
    one customer has them all.
    """
    address = _readable(peer)
    if address and forwarded and any(ip_address(address) in network for network in _OURS):
        address = _readable(forwarded[-1]) or address
    if address is None:
        return "unknown"
    parsed = ip_address(address)
    return address if parsed.version == 4 else ":".join(parsed.exploded.split(":")[:4])


_OURS = [
    ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]


def _readable(address: str | None) -> str | None:
    try:
        return str(ip_address((address or "").strip()))
    except ValueError:
        return None
