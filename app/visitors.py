"""Who opens a page: a person, or a program that looks at links by itself. One place for every page that counts."""

import re

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
