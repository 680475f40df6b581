"""LINE's calls that reach no person, mostly by the SDK's own client: profile, content, leaving a group.

They are rare and made from worker threads; every one has a timeout and gives a Reply instead of raising.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import urllib3
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi
from linebot.v3.messaging.exceptions import ApiException

from app.line.rules import Reply, error_detail

TIMEOUT = (3, 10)
MAX_CONTENT_BYTES = 10 * 1024 * 1024


class LineClient:
    """Rare calls for one channel."""

    def __init__(self, base_url: str, data_base_url: str, access_token: str) -> None:
        configuration = Configuration(access_token=access_token, host=base_url)
        configuration.retries = False  # the outbox tries again; here it would only outlive the lease
        self._client = ApiClient(configuration)
        self._api = MessagingApi(self._client)
        self._data_base_url = data_base_url
        self._pool = urllib3.PoolManager(headers={"Authorization": f"Bearer {access_token}"}, retries=False)

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()
        self._pool.clear()

    def profile(self, line_user_id: str) -> Reply:
        """Name, picture and language of a person; 404 when LINE will not say."""
        return _answer(lambda: self._api.get_profile_with_http_info(line_user_id, _request_timeout=TIMEOUT))

    def bot_info(self) -> Reply:
        """Who the account itself is: its user id and its basic id."""
        return _answer(lambda: self._api.get_bot_info_with_http_info(_request_timeout=TIMEOUT))

    def follower_ids(self, start: str | None, limit: int = 1000) -> Reply:
        """A page of the user ids of all friends, and `next`; 403 where LINE has not verified the account."""
        page = {"limit": limit} if start is None else {"limit": limit, "start": start}
        return _answer(lambda: self._api.get_followers_with_http_info(**page, _request_timeout=TIMEOUT))

    def link_menu(self, line_user_id: str, rich_menu_id: str) -> Reply:
        """Give a person a rich menu; 200 without effect for who is no friend."""
        return _answer(
            lambda: self._api.link_rich_menu_id_to_user_with_http_info(
                line_user_id, rich_menu_id, _request_timeout=TIMEOUT
            )
        )

    def leave_group(self, group_id: str) -> Reply:
        """Leave a group that we were invited to."""
        return _answer(lambda: self._api.leave_group_with_http_info(group_id, _request_timeout=TIMEOUT))

    def leave_room(self, room_id: str) -> Reply:
        """Leave a room that we were invited to."""
        return _answer(lambda: self._api.leave_room_with_http_info(room_id, _request_timeout=TIMEOUT))

    def content(self, message_id: str) -> Reply:
        """What a person sent; 202 while LINE prepares it, 413 when it is over 10 MB.

        Not by the SDK: it reads any size into memory and gives None while the content is prepared.
        """
        url = f"{self._data_base_url}/v2/bot/message/{quote(message_id, safe='')}/content"
        try:
            patience = urllib3.Timeout(connect=TIMEOUT[0], read=TIMEOUT[1])
            answer = self._pool.request("GET", url, preload_content=False, timeout=patience)
            body = answer.read(MAX_CONTENT_BYTES + 1)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            return Reply(None, connected=False, detail=type(error).__name__)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if len(body) > MAX_CONTENT_BYTES:
            return Reply(413, headers=headers, detail="over 10 MB: not kept")
        detail = "" if answer.status < 300 else error_detail(answer.status, body)
        return Reply(answer.status, headers=headers, body=body, not_ready=answer.status == 202, detail=detail)


def _answer(call: Callable[[], Any]) -> Reply:
    try:
        answer = call()
    except ApiException as error:
        body = (error.body or "").encode()
        return Reply(error.status, headers=_lower(error.headers), detail=error_detail(error.status, body))
    except urllib3.exceptions.HTTPError as error:
        return Reply(None, connected=False, detail=type(error).__name__)
    body = answer.raw_data
    return Reply(
        answer.status_code,
        headers=_lower(answer.headers),
        body=body if isinstance(body, bytes) else str(body).encode(),
    )


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in dict(headers or {}).items()}
