"""Invented phone numbers of invented people, and their hashes."""

import re
from hashlib import sha256

from app.simulator.platform import Person, Platform

E164 = re.compile(r"\+[1-9]\d{7,14}")
COUNTRIES = ("+81", "+66", "+886")
"""Where notification messages can be sent to: Japan, Thailand, Taiwan."""


class PhoneNumbers:
    """Everybody has a number, made up when it is first asked for; it can be changed."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.reset()

    def reset(self) -> None:
        """No numbers given yet."""
        self._numbers: dict[str, str] = {}
        self._given = 0

    def number_of(self, person: Person) -> str:
        """E.164; of a range that is given to nobody."""
        number = self._numbers.get(person.id)
        if number is None:
            self._given += 1
            number = self._numbers[person.id] = f"+8180{self._given:08d}"
        return number

    def change(self, person: Person, number: str) -> None:
        """Another number; ValueError when it is none, or somebody else's."""
        if not E164.fullmatch(number):
            raise ValueError(f"{number!r} is no E.164 number")
        owner = self.owner_of(number)
        if owner is not None and owner.id != person.id:
            raise ValueError(f"{number} belongs to {owner.name}")
        self._numbers[person.id] = number

    def owner_of(self, number: str) -> Person | None:
        """Whose number it is."""
        return next((each for each in self._people() if self.number_of(each) == number), None)

    def owner_of_hash(self, digest: str) -> Person | None:
        """Whose number has this SHA-256."""
        return next((each for each in self._people() if hash_of(self.number_of(each)) == digest), None)

    def _people(self) -> list[Person]:
        return list(self._platform.people.values())


def hash_of(number: str) -> str:
    """As LINE wants it: hex SHA-256 of the E.164 text, without salt."""
    return sha256(number.encode("ascii")).hexdigest()
