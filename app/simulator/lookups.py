"""Profile, content, quota, account, leaving a group, the loading animation."""

from app.json_text import from_bytes
from app.simulator.answers import Answer, Call, ok, refusal
from app.simulator.endpoints import Endpoint, Limit, get, post
from app.simulator.events import group_source, new_event
from app.simulator.platform import Friendship, Person, Platform, is_user_id
from app.simulator.samples import SAMPLES
from app.simulator.webhooks import Webhooks

BASIC_ID = "@000simul"
"""The account's, as people see it: in links that add it."""


class Lookups:
    """The calls that are not messages."""

    def __init__(self, platform: Platform, webhooks: Webhooks) -> None:
        self._platform = platform
        self._webhooks = webhooks

    def endpoints(self) -> list[Endpoint]:
        """What is asked about people, files and the account."""
        return [
            get("/profile/{user_id}", "profile", self.profile),
            get("/message/{id:[0-9]+}/content", "content", self.content),
            get("/message/{id:[0-9]+}/content/transcoding", "transcoding", self.transcoding),
            get("/message/{id:[0-9]+}/content/preview", "preview", self.preview),
            get("/message/quota", "quota", self.quota),
            get("/message/quota/consumption", "consumption", self.consumption),
            get("/info", "info", self.info),
            post("/{kind:group|room}/{id}/leave", "leave", self.leave),
            post("/chat/loading/start", "loading", self.start_loading, Limit(100)),
        ]

    def profile(self, call: Call) -> Answer:
        """Friends, and whoever wrote without being one; nobody who blocked."""
        user_id = call.request.match_info["user_id"]
        if not is_user_id(user_id):
            raise refusal(400, "The value for the 'userId' parameter is invalid")
        person = self._platform.find_person(user_id)
        if person is None or not _has_profile(person):
            raise refusal(404, "Not found")
        return ok({"userId": person.id, "displayName": person.name, "language": "ja"})

    def content(self, call: Call) -> Answer:
        """The bytes of a person's file; 202 while LINE prepares it."""
        content = self._platform.contents.get(call.request.match_info["id"])
        if content is None:
            raise refusal(404, "not found")
        if content.is_gone:
            raise refusal(410, "The content is gone")
        if content.not_ready > 0:
            content.not_ready -= 1
            return Answer(202, b"")
        return Answer(200, content.body, content_type=content.mime)

    def preview(self, call: Call) -> Answer:
        """Images and videos have a small picture: here the image itself, or for a video a sample."""
        content = self._platform.contents.get(call.request.match_info["id"])
        if content is None:
            raise refusal(404, "not found")
        if content.is_gone:
            raise refusal(410, "The content is gone")
        if content.mime.startswith("image/"):
            return Answer(200, content.body, content_type=content.mime)
        if content.mime.startswith("video/"):
            sample = SAMPLES["image"]
            return Answer(200, sample.body, content_type=sample.mime)
        raise refusal(400, "The content can not be previewed")

    def transcoding(self, call: Call) -> Answer:
        """Whether a video or audio can be fetched yet."""
        content = self._platform.contents.get(call.request.match_info["id"])
        if content is None:
            raise refusal(404, "not found")
        return ok({"status": "processing" if content.not_ready > 0 else "succeeded"})

    def quota(self, call: Call) -> Answer:
        """The month's limit."""
        limit = self._platform.quota.limit
        return ok({"type": "none"} if limit is None else {"type": "limited", "value": limit})

    def consumption(self, call: Call) -> Answer:
        """How much of it is spent."""
        return ok({"totalUsage": self._platform.quota.spent(self._platform.clock.now())})

    def info(self, call: Call) -> Answer:
        """The account itself; its user id is the `destination` of webhooks."""
        return ok(
            {
                "userId": self._platform.bot_user_id,
                "basicId": BASIC_ID,
                "displayName": self._platform.config.account_name,
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    def leave(self, call: Call) -> Answer:
        """The account goes out of a group."""
        group_id = call.request.match_info["id"]
        if not self._platform.groups.get(group_id):
            raise refusal(404, "Not found")
        self._platform.groups[group_id] = False
        self._webhooks.send([new_event(self._platform, group_source(group_id), "leave")])
        return ok({})

    def start_loading(self, call: Call) -> Answer:
        """Three moving dots; 202 even for whoever sees nothing of it."""
        body = from_bytes(call.body or b"null")
        if not isinstance(body, dict) or not is_user_id(str(body.get("chatId", ""))):
            raise refusal(400, "The property, 'chatId', in the request body is invalid")
        seconds = body.get("loadingSeconds", 20)
        if not isinstance(seconds, int) or not 5 <= seconds <= 60 or seconds % 5:
            raise refusal(400, "loadingSeconds must be a multiple of five")
        self._platform.tell("loading", {"chat": body["chatId"], "seconds": seconds})
        return Answer(202, b"{}")


def _has_profile(person: Person) -> bool:
    if person.friendship is Friendship.FRIEND:
        return True
    return person.friendship is Friendship.NONE and person.wrote_at is not None
