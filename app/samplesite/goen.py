"""What the site asks of Goen: its REST API, and nothing else."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import requests

TIMEOUT = (3, 20)


class GoenFailed(Exception):
    """Goen refused, or did not answer; the text is for people."""

    def __init__(self, words: str, status: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.status = status


@dataclass(frozen=True)
class Goen:
    """Calls `/api/v1` with this site's key."""

    url: str
    key: str = field(repr=False)

    def put_member(self, member: str, about: dict[str, Any]) -> None:
        """Tell who has registered here."""
        self._call("PUT", f"/members/{quote(member)}", about)

    def jobs(self, limit: int) -> list[dict[str, Any]]:
        """A few open vacancies: more are asked for, since some of them may be closed."""
        found = self._call("GET", f"/jobs?limit={3 * limit}")["items"]
        return [job for job in found if not job["closed_at"]][:limit]

    def job(self, job: str) -> dict[str, Any]:
        """One vacancy."""
        return self._call("GET", f"/jobs/{quote(job, safe='')}")

    def tell_view(self, member: str, job: str) -> None:
        """A signed-in member has looked at a vacancy."""
        seen = {
            "external_id": f"view-{uuid4().hex}",
            "member": member,
            "kind": "view",
            "job": job,
            "at": datetime.now(UTC).isoformat(),
        }
        self._call("POST", "/activity/bulk", seen, media_type="application/x-ndjson")

    def link_session(self, member: str, return_url: str) -> str:
        """Where to send this member's browser, to be linked by LINE Login."""
        return str(self._call("POST", "/link-sessions", {"member": member, "return_url": return_url})["url"])

    def account_link(self, ticket: str, member: str) -> str:
        """Where to send a browser that came from the chat, now that its member has agreed."""
        return str(self._call("POST", "/account-links", {"ticket": ticket, "member": member})["url"])

    def link_code(self, member: str) -> dict[str, Any]:
        """A one-time code for this member's own page."""
        return self._call("POST", f"/members/{quote(member)}/link-codes", {})

    def redeem(self, handover: str) -> str:
        """Who has logged in by LINE."""
        return str(self._call("POST", "/handovers", {"token": handover})["member"])

    def is_linked(self, member: str) -> bool:
        """Whether this member is linked to a LINE."""
        return bool(self._call("GET", f"/members/{quote(member)}/links")["links"])

    def unlink(self, member: str) -> None:
        """End the member's links."""
        self._call("DELETE", f"/members/{quote(member)}/links")

    def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        media_type: str = "application/json",
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}"}
        given: dict[str, Any] = {}
        if body is not None:
            given["data"] = json.dumps(body)
            headers["Content-Type"] = media_type
        try:
            answer = requests.request(
                method, f"{self.url}/api/v1{path}", headers=headers, timeout=TIMEOUT, **given
            )
        except requests.RequestException:
            raise GoenFailed("Goen につながりませんでした。") from None
        if not answer.ok:
            raise GoenFailed(f"Goen の答え: {_detail(answer)}", answer.status_code)
        return dict(answer.json()) if media_type == "application/json" and answer.content else {}


def _detail(answer: requests.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError):
        return str(answer.status_code)
