"""What LINE answers to a log-in is believed only when everything about it is right."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from app.line.few_at_once import Busy, FewAtOnce
from app.line.login import (
    ISSUER,
    LineLogin,
    LineUser,
    LoginChannel,
    LoginFailed,
    new_attempt,
    verified_claims,
)

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CHANNEL = LoginChannel("1650000001", "0123456789abcdef0123456789abcdef")
NONCE = "an-invented-nonce"
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "sub": f"U{1:032x}",
    "aud": CHANNEL.id,
    "exp": int((NOW + timedelta(hours=1)).timestamp()),
    "iat": int(NOW.timestamp()),
    "nonce": NONCE,
}
OTHER_KEY = OctKey.import_key("fedcba9876543210fedcba9876543210")
KEY = OctKey.import_key(CHANNEL.secret)


def signed(claims: dict[str, Any], key: OctKey = KEY, alg: str = "HS256") -> str:
    return jwt.encode({"alg": alg, "typ": "JWT"}, claims, key, algorithms=[alg])


def unsigned() -> str:
    """alg=none, as an attacker writes it."""
    _, payload, _ = signed(CLAIMS).split(".")
    return f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}."


def by_curve() -> str:
    """ES256 by a key that nobody knows."""
    return jwt.encode({"alg": "ES256"}, CLAIMS, ECKey.generate_key("P-256"), algorithms=["ES256"])


def changed_after_signing() -> str:
    header, _, signature = signed(CLAIMS).split(".")
    _, other, _ = signed({**CLAIMS, "sub": f"U{2:032x}"}).split(".")
    return f"{header}.{other}.{signature}"


def test_a_right_token_says_who_it_is() -> None:
    assert verified_claims(signed(CLAIMS), CHANNEL, NONCE, NOW)["sub"] == f"U{1:032x}"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(unsigned(), id="not signed"),
        pytest.param(signed(CLAIMS, OTHER_KEY), id="signed by somebody else"),
        pytest.param(signed(CLAIMS, alg="HS512"), id="another algorithm, the right key"),
        pytest.param(by_curve(), id="another kind of key"),
        pytest.param(changed_after_signing(), id="changed after signing"),
        pytest.param(signed({**CLAIMS, "iss": "https://evil.example"}), id="another issuer"),
        pytest.param(signed({**CLAIMS, "aud": "1650000002"}), id="for another channel"),
        pytest.param(signed({**CLAIMS, "nonce": "another"}), id="of another attempt"),
        pytest.param(signed({**CLAIMS, "exp": int(NOW.timestamp()) - 31}), id="too old"),
        *[
            pytest.param(signed({k: v for k, v in CLAIMS.items() if k != name}), id=f"without {name}")
            for name in ("iss", "sub", "aud", "exp", "nonce")
        ],
        pytest.param(signed({**CLAIMS, "sub": "someone"}), id="no LINE user id"),
        pytest.param("", id="empty"),
        pytest.param("not.a.token", id="rubbish"),
        pytest.param("a" * 10000, id="long rubbish"),
    ],
)
def test_a_wrong_token_says_nothing(token: str) -> None:
    with pytest.raises(LoginFailed) as failed:
        verified_claims(token, CHANNEL, NONCE, NOW)
    assert failed.value.reached
    assert CHANNEL.secret not in str(failed.value)


def test_the_browser_takes_state_nonce_and_a_challenge_along_but_never_the_verifier() -> None:
    attempt = new_attempt()
    login = LineLogin("http://127.0.0.1:9", "https://access.line.me")
    url = login.authorize_url(CHANNEL, attempt, "https://goen.example/login/line/callback", bot_prompt=True)
    query = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    assert query["state"] == attempt.state
    assert query["nonce"] == attempt.nonce
    assert (query["code_challenge_method"], len(query["code_challenge"])) == ("S256", 43)
    assert query["bot_prompt"] == "aggressive"
    assert attempt.verifier not in url
    assert 43 <= len(attempt.verifier) <= 128
    assert CHANNEL.secret not in url


def test_every_attempt_is_another_one_and_shows_nothing_of_itself() -> None:
    first, second = new_attempt(), new_attempt()
    assert not {first.state, first.nonce, first.verifier} & {second.state, second.nonce, second.verifier}
    assert first.verifier not in repr(first)
    assert CHANNEL.secret not in repr(CHANNEL)


def test_a_line_that_cannot_be_reached_is_told_from_one_that_refuses() -> None:
    nobody = LineLogin("http://127.0.0.1:9", "http://127.0.0.1:9")
    with pytest.raises(LoginFailed) as failed:
        nobody.is_friend(LineUser("U", "secret-token"))
    assert not failed.value.reached
    assert "secret-token" not in str(failed.value)


def test_only_a_few_wait_for_line_at_once_and_the_rest_are_turned_away() -> None:
    few = FewAtOnce(1)
    with few.turn(), pytest.raises(Busy), few.turn():
        pass
    with few.turn():
        pass
