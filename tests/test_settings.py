"""Settings: typed, named in every error, and silent about values."""

import pytest

from app.encryption import Encryption
from app.errors import SettingsError
from app.settings import Settings

KEY = "a-secret-key-that-is-long-enough"


def test_the_defaults_start_on_one_laptop() -> None:
    settings = Settings.from_env({})
    assert settings.database_url == "sqlite:///var/goen.db"
    assert settings.line_api_base_url == "https://api.line.me"
    assert settings.picture_base_url is None


def test_several_keys_and_secrets_are_read_newest_first() -> None:
    settings = Settings.from_env({"SECRET_KEY": f"{KEY}-2, {KEY}-1", "LINE_CHANNEL_SECRET": "new,old,"})
    assert settings.require_secret_keys() == (f"{KEY}-2", f"{KEY}-1")
    assert settings.line_channel_secrets == ("new", "old")


@pytest.mark.parametrize(
    ("env", "named"),
    [
        pytest.param({"DATABASE_URL": "mysql://hidden-value"}, "DATABASE_URL", id="another database"),
        pytest.param({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL", id="a database in memory"),
        pytest.param(
            {"DATABASE_URL": "postgresql://me:hidden-value@host:hidden-value/goen"},
            "DATABASE_URL",
            id="a port that is no number",
        ),
        pytest.param({"BASE_URL": "hidden-value"}, "BASE_URL", id="no address"),
        pytest.param({"ASSET_BASE_URL": "http://hidden-value"}, "ASSET_BASE_URL", id="pictures by http"),
        pytest.param({"LINE_API_BASE_URL": "ftp://hidden-value"}, "LINE_API_BASE_URL", id="no web address"),
        pytest.param(
            {"GOEN_CLOCK_FILE": "hidden-value"}, "GOEN_CLOCK_FILE", id="a clock file with the real LINE"
        ),
        pytest.param({"GOEN_LOG_FORMAT": "hidden-value"}, "GOEN_LOG_FORMAT", id="no log format"),
    ],
)
def test_a_wrong_variable_is_named_and_no_value_is_shown(env: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_env({**env, "SECRET_KEY": KEY, "LINE_CHANNEL_SECRET": "another-hidden-value"})
    assert named in error.value.message
    assert "hidden-value" not in error.value.message
    assert KEY not in error.value.message


@pytest.mark.parametrize(("env", "why"), [({}, "not set"), ({"SECRET_KEY": "short"}, "too short")])
def test_a_secret_key_has_no_default(env: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError, match=f"SECRET_KEY is {why}"):
        Settings.from_env(env).require_secret_keys()


def test_a_clock_file_goes_with_loopback_addresses() -> None:
    line = "http://127.0.0.1:8001"
    names = ("LINE_API_BASE_URL", "LINE_DATA_API_BASE_URL", "LINE_LOGIN_BASE_URL")
    settings = Settings.from_env({"GOEN_CLOCK_FILE": "clock", **dict.fromkeys(names, line)})
    assert settings.clock_file is not None
    with pytest.raises(SettingsError, match="GOEN_CLOCK_FILE"):
        Settings.from_env({"GOEN_CLOCK_FILE": "clock", **dict.fromkeys(names[:2], line)})


def test_no_secret_is_in_a_repr() -> None:
    settings = Settings.from_env(
        {
            "SECRET_KEY": KEY,
            "DATABASE_URL": "postgresql://goen:hidden-password@localhost/goen",
            "LINE_CHANNEL_SECRET": "hidden-secret",
            "LINE_CHANNEL_ACCESS_TOKEN": "hidden-token",
            "METRICS_TOKEN": "hidden-metrics",
        }
    )
    assert "hidden" not in repr(settings)
    assert KEY not in repr(settings)


def test_encryption_reads_what_an_older_key_wrote() -> None:
    old = Encryption([f"{KEY}-1"])
    new = Encryption([f"{KEY}-2", f"{KEY}-1"])
    assert new.decrypt(old.encrypt("秘密")) == "秘密"
    assert old.encrypt("秘密") != old.encrypt("秘密")
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        old.decrypt(new.encrypt("秘密"))
