"""LINE's token that begins an account link.

Not by the SDK: the web process asks for it, and the SDK would cost it two seconds of start and 60 MB.
"""

from urllib.parse import quote

import requests

from app.line.rules import Reply, error_detail

TIMEOUT = (3, 10)


def issue_link_token(base_url: str, access_token: str, line_user_id: str) -> Reply:
    """A token for this friend, good for ten minutes; 4xx for somebody who is not a friend."""
    url = f"{base_url}/v2/bot/user/{quote(line_user_id, safe='')}/linkToken"
    headers = {"Authorization": f"Bearer {access_token}"}
    try:
        answer = requests.post(url, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        return Reply(None, detail=type(error).__name__)
    detail = "" if answer.status_code < 300 else error_detail(answer.status_code, answer.content)
    return Reply(answer.status_code, body=answer.content, detail=detail)
