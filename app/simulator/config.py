"""What a simulated platform is started with."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class SimulatorConfig:
    """One official account on a simulated LINE platform. Secrets stay out of `repr`."""

    channel_secret: str = field(default="simulated-channel-secret", repr=False)
    older_secrets: tuple[str, ...] = field(default=(), repr=False)
    """Secrets from before a rotation, newest first: webhooks can be signed with them, to see what happens."""
    access_token: str = field(default="simulated-access-token", repr=False)
    channel_id: str = "1650000000"
    login_channel_id: str = "1650000001"
    login_channel_secret: str = field(default="simulated-login-secret", repr=False)
    login_callbacks: tuple[str, ...] = ()
    """Registered callback addresses, without query; empty: every address on this machine."""
    webhook_url: str | None = None
    """None: events are made and logged, and go nowhere."""
    app_url: str | None = None
    """The web server: its `/metrics` tell the time machine when due work is done, its pictures are shown."""
    asset_host: str | None = None
    """The invented https name in the addresses of pictures that stands for the web server."""
    clock_file: Path | None = None
    scripts_folder: Path | None = None
    """Where recorded conversations are kept; None: they can only be downloaded."""
    account_name: str = "ご縁キャリア（デモ）"
    is_verified: bool = True
    """Whether LINE has verified the account: only then it tells the ids of all friends."""
    befriend_unknown: bool = False
    """True: every well-formed user id is a friend, for loads with more people than anyone wants to make."""

    has_redelivery: bool = True
    redelivery_waits: tuple[float, ...] = (1, 2, 5, 10, 20, 30, 60)
    """Real seconds before each redelivery; the last one repeats."""
    most_deliveries: int = 20
    webhook_timeout: float = 2.0
    calls_per_second: float = 2000
    """Per endpoint; LINE's own number."""
    multicasts_per_second: float = 200
    reply_token_seconds: float = 60
    """Business time from the delivery of the webhook to the last moment for a reply."""
    reply_token_ages: float = 20 * 60
    """Business time from the event itself, whatever is redelivered."""
    retry_key_seconds: float = 24 * 3600
    """Real time."""
    later_seconds: float = 0.05
    """Real seconds until an order that was answered 202 is carried out."""
    hold_seconds: float = 30
    """How long a call hangs that a fault holds."""
    step_wait_seconds: float = 2.0
    """How long one step of the time machine waits for due work at most."""
    kept_calls: int = 100_000
    """Accepted calls that are remembered; the oldest are forgotten first."""
    kept_wire: int = 300
    """Webhooks and calls in the drawer."""
