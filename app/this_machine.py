"""Who asks: a program on this machine, or somebody from outside."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request


def is_from_this_machine(request: Request) -> bool:
    """True for a request that came from loopback by itself, to a name of this machine.

    Behind a proxy every request seems to come from loopback; so does one of a page in this machine's browser
    whose own name somebody points here.
    """
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and _is_loopback(request.remote_addr or "") and _is_loopback(_host_name(request))


def _host_name(request: Request) -> str:
    return urlsplit(f"//{request.host}").hostname or ""


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
