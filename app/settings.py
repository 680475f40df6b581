"""Settings: what a machine needs to start, read once from the environment.

The numbers of the product (caps, hours, delays) are policy, not settings. A command asks only for the
variables that it uses: what has no default is None here, and `require` names it when it is needed.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.errors import SettingsError

LOOPBACK_HOSTS = {"127.0.0.1", "::1", "localhost"}


class Settings(BaseSettings):
    """Typed, immutable settings. Secrets are kept out of `repr` and of every error message."""

    model_config = SettingsConfigDict(
        frozen=True, hide_input_in_errors=True, extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    database_url: str = Field("sqlite:///var/goen.db", alias="DATABASE_URL", repr=False)
    secret_keys: Annotated[tuple[str, ...], NoDecode] = Field((), alias="SECRET_KEY", repr=False)
    """Newest first, for rotation."""
    base_url: str = Field("http://127.0.0.1:8000", alias="BASE_URL")
    asset_base_url: str | None = Field(None, alias="ASSET_BASE_URL")
    """Public https address of pictures in messages; None: messages go without pictures."""
    line_channel_secrets: Annotated[tuple[str, ...], NoDecode] = Field(
        (), alias="LINE_CHANNEL_SECRET", repr=False
    )
    line_channel_access_token: str | None = Field(None, alias="LINE_CHANNEL_ACCESS_TOKEN", repr=False)
    line_api_base_url: str = Field("https://api.line.me", alias="LINE_API_BASE_URL")
    line_data_api_base_url: str = Field("https://api-data.line.me", alias="LINE_DATA_API_BASE_URL")
    line_login_base_url: str = Field("https://access.line.me", alias="LINE_LOGIN_BASE_URL")
    line_login_channel_id: str | None = Field(None, alias="LINE_LOGIN_CHANNEL_ID", pattern="^[0-9]{1,20}$")
    """The default account's login channel; None: linking by LINE Login is off."""
    line_login_channel_secret: str | None = Field(None, alias="LINE_LOGIN_CHANNEL_SECRET", repr=False)
    site_url: str | None = Field(None, alias="SITE_URL")
    """The job site's page where a member signs in to be linked from the chat; None: that way is off."""
    webhook_private: bool = Field(default=False, alias="GOEN_WEBHOOK_PRIVATE")
    """Outgoing webhooks may go to private addresses and without TLS: for the demo, or a network of one's own."""
    metrics_token: str | None = Field(None, alias="METRICS_TOKEN", repr=False)
    clock_file: Path | None = Field(None, alias="GOEN_CLOCK_FILE")
    log_format: str = Field("json", alias="GOEN_LOG_FORMAT", pattern="^(json|console)$")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `from_env` was given: no .env file, nothing read behind its back."""
        return (init_settings,)

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read the environment.

        Errors: SettingsError with one line naming each wrong variable; no value is ever shown.
        """
        names = [str(field.alias) for field in cls.model_fields.values()]
        given = {name: env[name] for name in names if env.get(name, "").strip()}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError("; ".join(_faults(error))) from None

    @field_validator("secret_keys", "line_channel_secrets", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        if value in {"sqlite:///", "sqlite:///:memory:"}:
            raise ValueError("must name a file: several processes share the database")
        if not _has_readable_port(value):
            raise ValueError("has a port that is no number")
        return value

    @field_validator(
        "base_url",
        "asset_base_url",
        "line_api_base_url",
        "line_data_api_base_url",
        "line_login_base_url",
        "site_url",
    )
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an address that starts with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _related(self) -> Self:
        if self.clock_file is not None and not self._lines_are_loopback():
            raise ValueError("GOEN_CLOCK_FILE is for demo and tests: every LINE address must be loopback")
        if self.asset_base_url is not None and not self.asset_base_url.startswith("https://"):
            raise ValueError("ASSET_BASE_URL must start with https://")
        return self

    @property
    def picture_base_url(self) -> str | None:
        """Where pictures in messages are fetched from; LINE accepts https only, so None without it."""
        return self.asset_base_url or (self.base_url if self.base_url.startswith("https://") else None)

    @property
    def line_link_base_url(self) -> str:
        """Where links begin that add the account or open its chat: the simulator's where it stands for LINE."""
        is_simulated = urlsplit(self.line_login_base_url).hostname in LOOPBACK_HOSTS
        return self.line_login_base_url if is_simulated else "https://line.me"

    def require_secret_keys(self) -> tuple[str, ...]:
        """The keys, newest first; SettingsError when none is set or one is too short."""
        if not self.secret_keys:
            raise SettingsError(
                "SECRET_KEY is not set: give a long random text (several: comma-separated, newest first)"
            )
        if any(len(key) < 16 for key in self.secret_keys):
            raise SettingsError("SECRET_KEY is too short: at least 16 characters")
        return self.secret_keys

    def _lines_are_loopback(self) -> bool:
        addresses = (self.line_api_base_url, self.line_data_api_base_url, self.line_login_base_url)
        return all(urlsplit(address).hostname in LOOPBACK_HOSTS for address in addresses)


def _has_readable_port(address: str) -> bool:
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def _faults(error: ValidationError) -> list[str]:
    faults = []
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        text = fault["msg"].removeprefix("Value error, ")
        name = ".".join(str(part) for part in fault["loc"])
        faults.append(f"{name}: {text}" if name else text)
    return faults
