"""Where a sign-in may lead, and whose network address counts (pure)."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

START = "/console/"


def safe_target(target: str | None) -> str:
    """The page to open after signing in: one of the console, on this server; else the start."""
    if not target or not target.startswith(START):
        return START
    if any(character <= " " or character in "\\\x7f" for character in target):
        return START  # browsers read a backslash as a slash, and drop tabs and line ends
    parts = urlsplit(target)
    is_here = not parts.scheme and not parts.netloc
    return target if is_here and ".." not in parts.path and "//" not in parts.path else START


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
