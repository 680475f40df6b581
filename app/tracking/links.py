"""Making the addresses of tracked links, and reading them: signed, so that nobody can click for somebody else.

A signature is a keyed hash of half its length: 96 bits are far beyond guessing, and addresses stay short.
Links made with an older SECRET_KEY work as long as that key is kept behind the new one.
"""

import hmac
from datetime import datetime

from app.encryption import Encryption
from app.tracking.rules import LONGEST, Refusal, TrackedLink, end_of, read, written

PATH = "/r/"
_USE = "tracked link"
_SIGNATURE = 24


class TrackedLinks:
    """Writes and reads links with this installation's keys, for its public address."""

    def __init__(self, encryption: Encryption, base_url: str) -> None:
        self._encryption = encryption
        self._base_url = base_url

    def address(self, friend_id: int, job_id: int, impression_id: int | None, now: datetime) -> str:
        """The address that one friend is given for one job."""
        words = written(TrackedLink(friend_id, job_id, impression_id, end_of(now)))
        signature = self._encryption.keyed_hash(_USE, words)[:_SIGNATURE]
        return f"{self._base_url}{PATH}{words}{signature}"

    def read(self, token: str, now: datetime) -> TrackedLink | Refusal:
        """The link of a token; EXPIRED only for one that we have signed."""
        words, signature = token[:-_SIGNATURE], token[-_SIGNATURE:]
        link = read(words) if len(token) <= LONGEST else None
        if link is None or not self._is_signed(words, signature):
            return Refusal.UNKNOWN
        return link if now < link.until else Refusal.EXPIRED

    def _is_signed(self, words: str, signature: str) -> bool:
        given = signature.encode("utf-8", "replace")
        made = [each[:_SIGNATURE].encode() for each in self._encryption.keyed_hashes(_USE, words)]
        return any(hmac.compare_digest(each, given) for each in made)
