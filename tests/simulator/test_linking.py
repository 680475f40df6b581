"""Account link: token, dialog, event."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi

from app.simulator.clocks import write_offset
from app.simulator.running import RunningSimulator
from tests.simulator.conftest import TOKEN, Api, Receiver, Start
from tests.simulator.pages import Page, visit

NONCE = "bm9uY2Utb2YtMTI4LWJpdHM"


def issue(line: RunningSimulator, person: str) -> str:
    with ApiClient(Configuration(access_token=TOKEN, host=line.url)) as client:
        return str(MessagingApi(client).issue_link_token(person).link_token)


def dialog(line: RunningSimulator, token: str, nonce: str = NONCE) -> str:
    return f"{line.url}/dialog/bot/accountLink?{urlencode({'linkToken': token, 'nonce': nonce})}"


def link(line: RunningSimulator, token: str, person: str, nonce: str = NONCE) -> Page:
    return visit(dialog(line, token, nonce), {"person": person, "decision": "allow"})


def test_the_owner_of_the_token_is_linked_once(line: RunningSimulator, api: Api, receiver: Receiver) -> None:
    person = line.add_person("見本 花子", is_friend=True)
    token = issue(line, person)
    shown = visit(dialog(line, token))
    assert shown.status == 200
    assert "これは LINE ではありません" in shown.text
    assert link(line, token, person).status == 200
    assert link(line, token, person).status == 400
    line.settle()
    (event,) = receiver.events
    assert event["type"] == "accountLink"
    assert event["link"] == {"result": "ok", "nonce": NONCE}
    assert event["source"] == {"type": "user", "userId": person}
    reply = {"replyToken": event["replyToken"], "messages": [{"type": "text", "text": "連携しました"}]}
    assert api.post("/v2/bot/message/reply", reply).status == 200


def test_a_link_that_was_forwarded_fails_without_saying_whose_it_was(
    line: RunningSimulator, receiver: Receiver
) -> None:
    owner = line.add_person("見本 花子", is_friend=True)
    other = line.add_person("見本 一郎", is_friend=True)
    token = issue(line, owner)
    assert link(line, token, other).status == 400
    assert link(line, token, owner).status == 400
    line.settle()
    (event,) = receiver.events
    assert event["link"] == {"result": "failed", "nonce": NONCE}
    assert "source" not in event
    assert "replyToken" not in event


def test_an_old_token_gives_no_event(start: Start, receiver: Receiver, clock_file: Path) -> None:
    line = start(clock_file=clock_file, webhook_url=f"{receiver.url}/line/webhook")
    person = line.add_person("見本 花子", is_friend=True)
    token = issue(line, person)
    write_offset(clock_file, 595)
    assert visit(dialog(line, token)).status == 200
    write_offset(clock_file, 605)
    assert visit(dialog(line, token)).status == 400
    assert link(line, token, person).status == 400
    line.settle()
    assert receiver.events == []


@pytest.mark.parametrize(("length", "status"), [(9, 400), (10, 200), (255, 200), (256, 400)])
def test_a_nonce_has_10_to_255_letters(line: RunningSimulator, length: int, status: int) -> None:
    token = issue(line, line.add_person("見本 花子", is_friend=True))
    assert visit(dialog(line, token, "n" * length)).status == status


def test_nobody_chosen_spends_nothing(line: RunningSimulator) -> None:
    person = line.add_person("見本 花子", is_friend=True)
    token = issue(line, person)
    assert visit(dialog(line, token), {"decision": "allow"}).status == 400
    assert link(line, token, person).status == 200


def test_only_friends_get_tokens(line: RunningSimulator, api: Api) -> None:
    stranger = line.add_person("見本 一郎")
    assert api.post(f"/v2/bot/user/{stranger}/linkToken", {}).status == 400
    answer = api.post("/v2/bot/user/x/linkToken", {})
    assert answer.body == {"message": "The value for the 'userId' parameter is invalid"}
