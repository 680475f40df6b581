"""Which kinds there are, and which addresses an outgoing webhook may go to (pure).

Whoever may enter an address could otherwise make this server call machines that only it can reach. The
address is read by one strict grammar, so that no other reader can understand it differently, and each IP
address that a name stands for is judged before anything connects to it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


class Kind(StrEnum):
    """What the site can hear of."""

    LINKED = "linked"
    UNLINKED = "unlinked"
    SURVEY_ANSWERED = "survey_answered"
    JOB_TAPPED = "job_tapped"
    HANDOFF_WANTED = "handoff_wanted"
    BLOCKED = "blocked"


TEST_KIND = "test"
"""Of what `goen webhooks test` sends; never of anything that happened."""

_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>[/?][!-~]*)?"
)
_LOOKS_NUMERIC = re.compile(r"[0-9.]+|.*:.*|0[xX][0-9A-Fa-f.xX]*")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LEAST_FREE_PORT = 1024
_LONGEST_URL = 2000


@dataclass(frozen=True)
class Target:
    """Where a webhook goes: `host` is a name, or an IP address without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def is_ip(self) -> bool:
        """The address names no name that would have to be looked up."""
        return _read_ip(self.host) is not None


def read_target(url: str) -> Target | None:
    """Host and port of a well-formed http or https address; None for anything that could be read in two ways.

    No user name, no fragment, no backslash, no letters beyond ASCII, no number that is an IP address in disguise.
    """
    found = _URL.fullmatch(url)
    if found is None or len(url) > _LONGEST_URL or "#" in url or "\\" in url:
        return None
    host = found["host"].strip("[]")
    if _LOOKS_NUMERIC.fullmatch(host) and _read_ip(host) is None:
        return None
    port = int(found["port"] or _DEFAULT_PORTS[found["scheme"]])
    return Target(found["scheme"], host, port)


def refusal_of_url(url: str, *, private_allowed: bool) -> str | None:
    """Why no webhook may go there, as far as the address itself says; None: its name may be looked up.

    https only, unless private addresses are allowed. Ports: 443, 80 and everything from 1024; the others
    below belong to mail, shells and the like, which must not be talked to.
    """
    target = read_target(url)
    if target is None:
        return "not a plain web address"
    if target.scheme != "https" and not private_allowed:
        return "only https addresses"
    if target.port not in _DEFAULT_PORTS.values() and not _LEAST_FREE_PORT <= target.port <= 65535:
        return "only ports 443, 80, and 1024 to 65535"
    if target.is_ip and not is_allowed(target.host, private_allowed=private_allowed):
        return "not a public address"
    return None


_NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",
            "168.63.129.16/32",
            "100.100.100.200/32",
            "192.0.0.0/24",
            "224.0.0.0/3",
            "::/128",
            "fe80::/10",
            "fec0::/10",
            "fd00:ec2::/32",
            "ff00::/8",
            "192.88.99.0/24",
            "64:ff9b:1::/48",
            "2001::/32",
            "2002::/16",
        ),
    )
)
"""Never, whatever is allowed: metadata of clouds, link-local, multicast, reserved, tunnels through others."""
_IPV4_INSIDE = tuple(map(ip_network, ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")))
"""Translated by NAT64, by SIIT, and the old IPv4-compatible form. ::1 is none of them."""


def is_allowed(address: str, *, private_allowed: bool) -> bool:
    """Whether this IP address, in text, may be connected to. What is no IP address may not."""
    ip = _read_ip(address)
    if ip is None:
        return False
    inner = _ipv4_inside(ip)
    if inner is not None:
        return is_allowed(str(inner), private_allowed=private_allowed)
    if any(ip in network for network in _NEVER):
        return False
    return private_allowed or ip.is_global


def _read_ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _ipv4_inside(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for, mapped or behind a translator."""
    if isinstance(ip, IPv4Address):
        return None
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.is_loopback or not any(ip in network for network in _IPV4_INSIDE):
        return None
    return IPv4Address(int(ip) & 0xFFFFFFFF)
