"""Which addresses an outgoing webhook may go to: every disguise of a private one, and the signature."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.announcements.rules import Target, is_allowed, read_target, refusal_of_url
from app.announcements.signing import TOLERANCE, is_genuine, sign_delivery

PLAIN = "not a plain web address"
PRIVATE = "not a public address"
PORT = "only ports 443, 80, and 1024 to 65535"


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        pytest.param("https://site.example/hooks", None, id="a name"),
        pytest.param("https://site.example", None, id="without a path"),
        pytest.param("https://site.example?x=1", None, id="only a query"),
        pytest.param("https://8.8.8.8/hooks", None, id="a public IPv4 address"),
        pytest.param("https://[2001:4860:4860::8888]/", None, id="a public IPv6 address"),
        pytest.param("https://site.example:1024/", None, id="the first free port"),
        pytest.param("https://site.example:65535/", None, id="the last port"),
        pytest.param("http://site.example/", "only https addresses", id="without TLS"),
        pytest.param("https://site.example:1023/", PORT, id="a port below"),
        pytest.param("https://site.example:22/", PORT, id="a shell"),
        pytest.param("https://site.example:25/", PORT, id="mail"),
        pytest.param("https://site.example:0/", PORT, id="port 0"),
        pytest.param("https://site.example:65536/", PORT, id="no port at all"),
        pytest.param("ftp://site.example/", PLAIN, id="another scheme"),
        pytest.param("file:///etc/passwd", PLAIN, id="a file"),
        pytest.param("HTTPS://site.example/", PLAIN, id="shouted"),
        pytest.param("https://user@site.example/", PLAIN, id="a user name"),
        pytest.param("https://site.example@127.0.0.1/", PLAIN, id="a host as a user name"),
        pytest.param("https://site.example\\@127.0.0.1/", PLAIN, id="a backslash"),
        pytest.param("https://site.example/#x", PLAIN, id="a fragment"),
        pytest.param("https://site.example/\r\nX: y", PLAIN, id="a header in it"),
        pytest.param("https://site.example/ x", PLAIN, id="a space"),
        pytest.param("https://例え.example/", PLAIN, id="letters beyond ASCII"),
        pytest.param("https://127。0。0。1/", PLAIN, id="wide full stops"),
        pytest.param("https:///x", PLAIN, id="no host"),
        pytest.param("https://", PLAIN, id="nothing"),
        pytest.param("https://site.example./", PLAIN, id="a full stop at the end"),
        pytest.param(f"https://site.example/{'x' * 2000}", PLAIN, id="too long"),
        pytest.param("https://127.1/", PLAIN, id="a short form"),
        pytest.param("https://2130706433/", PLAIN, id="one number"),
        pytest.param("https://0177.0.0.1/", PLAIN, id="octal"),
        pytest.param("https://0x7f000001/", PLAIN, id="hexadecimal"),
        pytest.param("https://127.0.0.1.1/", PLAIN, id="five numbers"),
        pytest.param("https://[::1%25lo]/", PLAIN, id="a zone"),
        pytest.param("https://[127.0.0.1]/", PRIVATE, id="IPv4 in brackets"),
        pytest.param("https://127.0.0.1/", PRIVATE, id="loopback"),
        pytest.param("https://[::1]/", PRIVATE, id="IPv6 loopback"),
        pytest.param("https://[::ffff:127.0.0.1]/", PRIVATE, id="mapped loopback"),
        pytest.param("https://[::ffff:7f00:1]/", PRIVATE, id="mapped loopback, hexadecimal"),
    ],
)
def test_an_address_is_read_in_one_way_or_refused(url: str, refusal: str | None) -> None:
    assert refusal_of_url(url, private_allowed=False) == refusal


@pytest.mark.parametrize(
    ("address", "public", "when_allowed"),
    [
        pytest.param("8.8.8.8", True, True, id="public"),
        pytest.param("2001:4860:4860::8888", True, True, id="public IPv6"),
        pytest.param("::ffff:8.8.8.8", True, True, id="public, mapped"),
        pytest.param("64:ff9b::808:808", True, True, id="public, behind NAT64"),
        pytest.param("127.0.0.1", False, True, id="loopback"),
        pytest.param("127.255.255.254", False, True, id="all of loopback"),
        pytest.param("::1", False, True, id="IPv6 loopback"),
        pytest.param("10.0.0.1", False, True, id="10/8"),
        pytest.param("172.16.0.1", False, True, id="172.16/12"),
        pytest.param("172.15.255.255", True, True, id="just before 172.16/12"),
        pytest.param("172.32.0.0", True, True, id="just after 172.16/12"),
        pytest.param("192.168.1.1", False, True, id="192.168/16"),
        pytest.param("100.64.0.1", False, True, id="CGNAT"),
        pytest.param("100.63.255.255", True, True, id="just before CGNAT"),
        pytest.param("fc00::1", False, True, id="unique local"),
        pytest.param("::ffff:10.0.0.1", False, True, id="10/8, mapped"),
        pytest.param("64:ff9b::a00:1", False, True, id="10/8, behind NAT64"),
        pytest.param("192.0.2.1", False, True, id="documentation"),
        pytest.param("198.18.0.1", False, True, id="benchmarks"),
        pytest.param("169.254.169.254", False, False, id="metadata"),
        pytest.param("::ffff:169.254.169.254", False, False, id="metadata, mapped"),
        pytest.param("64:ff9b::a9fe:a9fe", False, False, id="metadata, behind NAT64"),
        pytest.param("100.100.100.200", False, False, id="metadata in CGNAT"),
        pytest.param("168.63.129.16", False, False, id="metadata at a public address"),
        pytest.param("192.0.0.192", False, False, id="metadata in a reserved network"),
        pytest.param("fd00:ec2::254", False, False, id="metadata, IPv6"),
        pytest.param("169.254.0.1", False, False, id="link-local"),
        pytest.param("fe80::1", False, False, id="link-local IPv6"),
        pytest.param("fe80::1%eth0", False, False, id="link-local with a zone"),
        pytest.param("fec0::1", False, False, id="site-local"),
        pytest.param("0.0.0.0", False, False, id="any address"),
        pytest.param("0.1.2.3", False, False, id="this network"),
        pytest.param("::", False, False, id="any IPv6 address"),
        pytest.param("224.0.0.1", False, False, id="multicast"),
        pytest.param("ff02::1", False, False, id="multicast IPv6"),
        pytest.param("255.255.255.255", False, False, id="broadcast"),
        pytest.param("240.0.0.1", False, False, id="reserved"),
        pytest.param("2002:7f00:1::", False, False, id="6to4"),
        pytest.param("2001::7f00:1", False, False, id="Teredo"),
        pytest.param("::a00:1", False, True, id="10/8, IPv4-compatible"),
        pytest.param("::ffff:0:a00:1", False, True, id="10/8, translated"),
        pytest.param("::a9fe:a9fe", False, False, id="metadata, IPv4-compatible"),
        pytest.param("::ffff:0:a9fe:a9fe", False, False, id="metadata, translated"),
        pytest.param("::2", False, False, id="beside loopback"),
        pytest.param("64:ff9b:1::a9fe:a9fe", False, False, id="metadata, behind a NAT64 of one's own"),
        pytest.param("192.88.99.1", False, False, id="relays of 6to4"),
        pytest.param("localhost", False, False, id="no address"),
        pytest.param("", False, False, id="nothing"),
    ],
)
def test_only_public_addresses_are_reached_and_some_never(
    address: str, public: bool, when_allowed: bool
) -> None:
    assert is_allowed(address, private_allowed=False) is public
    assert is_allowed(address, private_allowed=True) is when_allowed


@given(st.ip_addresses())
def test_what_is_public_is_also_allowed_where_private_is(address: object) -> None:
    if is_allowed(str(address), private_allowed=False):
        assert is_allowed(str(address), private_allowed=True)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    target = read_target(f"https://{text}")
    assert target is None or (target.host.isascii() and "/" not in target.host and "@" not in target.host)


def test_private_networks_may_be_allowed_without_tls() -> None:
    assert refusal_of_url("http://127.0.0.1:8002/hooks", private_allowed=True) is None
    assert read_target("http://site.example/x") == Target("http", "site.example", 80)


NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
BODY = b'{"id":"evt_1"}'
SIGNED = sign_delivery(["invented secret"], NOW, BODY)
SECOND = timedelta(seconds=1)


def test_a_signature_is_what_openssl_makes_of_time_and_body() -> None:
    digest = "c4cb7f4ec36029b3487ae503d63227e135ed9ec540f2b464dcd06a1e5692df8f"
    assert f"t=1795489200,v1={digest}" == SIGNED


@pytest.mark.parametrize(
    ("secrets", "header", "body", "now", "genuine"),
    [
        pytest.param(["invented secret"], SIGNED, BODY, NOW, True, id="as it was sent"),
        pytest.param(["new", "invented secret"], SIGNED, BODY, NOW, True, id="by the older of two secrets"),
        pytest.param(["another"], SIGNED, BODY, NOW, False, id="by another secret"),
        pytest.param(["invented secret"], SIGNED, BODY + b" ", NOW, False, id="another body"),
        pytest.param(["invented secret"], SIGNED.replace("t=1", "t=2"), BODY, NOW, False, id="another time"),
        pytest.param(["invented secret"], SIGNED, BODY, NOW + TOLERANCE, True, id="as late as may be"),
        pytest.param(["invented secret"], SIGNED, BODY, NOW + TOLERANCE + SECOND, False, id="replayed later"),
        pytest.param(
            ["invented secret"], SIGNED, BODY, NOW - TOLERANCE - SECOND, False, id="from the future"
        ),
        pytest.param(["invented secret"], f"{SIGNED},t=1", BODY, NOW, False, id="two times"),
        pytest.param(["invented secret"], SIGNED[:-1], BODY, NOW, False, id="cut"),
        pytest.param(["invented secret"], "t=1", BODY, NOW, False, id="no signature"),
        pytest.param(["invented secret"], "署名", BODY, NOW, False, id="not ASCII"),
        pytest.param(["invented secret"], "", BODY, NOW, False, id="empty"),
        pytest.param([], SIGNED, BODY, NOW, False, id="no secret known"),
    ],
)
def test_a_receiver_takes_only_what_was_signed_lately(
    secrets: list[str], header: str, body: bytes, now: datetime, genuine: bool
) -> None:
    assert is_genuine(secrets, header, body, now) is genuine


def test_while_a_secret_is_replaced_either_opens() -> None:
    both = sign_delivery(["new", "old"], NOW, BODY)
    assert is_genuine(["old"], both, BODY, NOW)
    assert is_genuine(["new"], both, BODY, NOW)
    assert not is_genuine(["other"], both, BODY, NOW)
