"""Endpoints that change the menus of everybody at once, and tell how far they are (line-platform facts, 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.simulator.answers import Answer, Call, Refused, ok, refusal
from app.simulator.bodies import checked
from app.simulator.checks import menus as shapes
from app.simulator.checks.sendable import plain_error
from app.simulator.checks.shapes import Fault
from app.simulator.endpoints import Endpoint, Limit, get, post
from app.simulator.later import Later
from app.simulator.menus.shelf import Shelf
from app.simulator.platform import Platform

Operation = Mapping[str, Any]
_KEPT = timedelta(days=14)


@dataclass
class Batch:
    """One accepted batch."""

    accepted_at: datetime
    operations: Sequence[Operation]
    phase: str = "ongoing"
    completed_at: datetime | None = None

    def to_json(self) -> dict[str, str]:
        """As LINE answers it."""
        body = {"phase": self.phase, "acceptedTime": _iso(self.accepted_at)}
        return body | ({"completedTime": _iso(self.completed_at)} if self.completed_at else {})


class MenuBatches:
    """Batches by the request that began them."""

    def __init__(self, platform: Platform, shelf: Shelf, later: Later) -> None:
        self._platform = platform
        self._shelf = shelf
        self._later = later
        self.clear()

    def clear(self) -> None:
        """No batches."""
        self._batches: dict[str, Batch] = {}
        self._resumable: dict[str, Batch] = {}

    def endpoints(self) -> list[Endpoint]:
        """Three batches an hour."""
        return [
            post("/richmenu/batch", "richmenu.batch", self.begin, Limit(3, 3600)),
            post("/richmenu/validate/batch", "richmenu.validate", self.validate),
            get("/richmenu/progress/batch", "richmenu.progress", self.progress, Limit(100, 3600)),
        ]

    def begin(self, call: Call) -> Answer:
        """202; the request's id is the key to its progress. A known resume key begins nothing anew."""
        body = self._checked(call)
        now = self._platform.clock.now()
        batch = self._resumed(body, now) or Batch(now, body["operations"])
        self._batches[call.request_id] = batch
        if body.get("resumeRequestKey"):
            self._resumable[body["resumeRequestKey"]] = batch
        if batch.completed_at is None:
            self._later.do(lambda: self._work(batch))
        return Answer(202, b"{}")

    def validate(self, call: Call) -> Answer:
        """The same checks, and nothing is done."""
        self._checked(call)
        return ok({})

    def progress(self, call: Call) -> Answer:
        """ongoing, succeeded or failed, for two weeks."""
        request_id = call.request.query.get("requestId")
        if not request_id:
            raise refusal(400, "The value for the 'requestId' parameter is invalid")
        batch = self._batches.get(request_id)
        if batch is None or self._platform.clock.now() - batch.accepted_at > _KEPT:
            raise refusal(404, "Not found")
        return ok(batch.to_json())

    def _checked(self, call: Call) -> dict[str, Any]:
        """The request; 400 when a menu does not exist, or one to be linked has no picture."""
        body = checked(call, shapes.BATCH)
        faults = [
            fault
            for index, operation in enumerate(body["operations"])
            for name in ("from", "to")
            if name in operation
            for fault in self._menu_faults(("operations", index, name), operation[name])
        ]
        if faults:
            raise Refused(400, plain_error(faults))
        return body

    def _menu_faults(self, parts: tuple[str | int, ...], menu_id: str) -> list[Fault]:
        menu = self._shelf.menus.get(menu_id)
        if menu is None:
            return [Fault(parts, "richmenu not found")]
        if parts[-1] == "to" and not menu.picture:
            return [Fault(parts, "must upload richmenu image before applying it to user")]
        return []

    def _resumed(self, body: Mapping[str, Any], now: datetime) -> Batch | None:
        """The batch that this key began within two weeks; 400 when it had other operations."""
        batch = self._resumable.get(body.get("resumeRequestKey", ""))
        if batch is None or now - batch.accepted_at > _KEPT:
            return None
        if batch.operations != body["operations"]:
            raise refusal(400, "The resumeRequestKey is already used for other operations")
        return batch

    def _work(self, batch: Batch) -> None:
        """All links are looked at as they were when it began: a chain from → to → next moves nobody twice."""
        before = dict(self._shelf.links)
        for operation in batch.operations:
            for user_id, menu_id in before.items():
                if operation["type"] == "unlinkAll" or operation["from"] == menu_id:
                    self._change(user_id, operation)
        batch.phase, batch.completed_at = "succeeded", self._platform.clock.now()

    def _change(self, user_id: str, operation: Operation) -> None:
        target = operation.get("to")
        if target is None:
            self._shelf.unlink(user_id)
        elif target in self._shelf.menus:
            self._shelf.link(self._platform.find_person(user_id), target)


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
