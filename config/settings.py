"""The only reader of the environment: one frozen, validated settings object.

Values come, in order of precedence, from keyword arguments, from `LABOURWATCH_*` environment
variables, from `<var_dir>/stack.env`, which `labourwatch run` writes so that every other
command finds the running stack, and from the folder of secrets: a file `labourwatch_<setting>`
holds the value of that setting.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "LABOURWATCH_"


class Settings(BaseSettings):
    """Addresses, places and switches of one Labourwatch installation."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_file_encoding="utf-8"
    )

    var_dir: Path = Path("var")
    workspace: Literal["demonstration", "live"] = "demonstration"
    seed: int = 20260901
    secrets_dir: Path = Field(
        Path("/run/secrets"), description="folder with a file labourwatch_<setting> for each secret"
    )

    broker_url: str = Field("kafka://127.0.0.1:19092", description="Kafka bootstrap, Faust form")
    redis_url: str = "redis://127.0.0.1:16379/0"
    clickhouse_host: str = "127.0.0.1"
    clickhouse_port: int = 18123
    clickhouse_user: str = "default"
    clickhouse_password: SecretStr = SecretStr("")
    clickhouse_database: str = "labourwatch"
    clickhouse_analyst_user: str = Field("analyst", description="who analysts' SQL runs as")
    clickhouse_analyst_password: SecretStr = Field(
        SecretStr(""), description="empty: that of the service"
    )

    dashboard_host: str = "127.0.0.1"
    dashboard_port: int = 8050
    public_url: str = Field("", description="address written into alerts; empty: the dashboard's")

    session_idle_minutes: int = Field(120, ge=5, description="a log-in unused so long is over")
    session_hours: int = Field(12, ge=1, description="and in any case after so long")

    oidc_issuer: str = Field("", description="OpenID provider to log in by; empty: none")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_claim: str = Field("preferred_username", description="what names an account's holder")

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 18025
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        "none", description="encryption to the mail server"
    )
    smtp_user: str = Field("", description="account at the mail server; empty: none")
    smtp_password: SecretStr = SecretStr("")
    smtp_ca_file: str = Field("", description="certificates to trust; empty: the system's")
    link_keys: SecretStr = Field(
        SecretStr(""), description="id:secret,id:secret that sign links in notices; empty: no links"
    )
    endpoints: SecretStr = Field(
        SecretStr(""), description="name=address a line: https is a webhook, else one of apprise"
    )
    webhook_keys: SecretStr = Field(SecretStr(""), description="id:secret that sign webhooks")
    webhook_hosts: str = Field("", description="hosts that webhooks may reach")
    webhook_private: bool = Field(False, description="whether these may be private addresses")
    mail_from: str = "labourwatch@localhost"
    operator_mail_to: str = Field(
        "operators@localhost", description="where notices about sources go; provinces get none"
    )
    mail_to: str = Field("alerts@localhost", description="where alert e-mails go in the spine")

    alert_budget: int = Field(12, ge=1, description="alerts a province is told in a month")
    alert_repeat_days: int = Field(14, ge=1, description="before an alert is told again")
    alert_escalate_hours: tuple[int, ...] = Field(
        (72, 168), description="how long each level has for acknowledging; []: no escalation"
    )

    log_format: Literal["logfmt", "json"] = Field("logfmt", description="how a log line is written")
    metrics_host: str = Field("127.0.0.1", description="address that metrics are served on")
    metrics_port: int = Field(
        0, ge=0, le=65500, description="first of a run of ports for metrics, one a part; 0: none"
    )

    sources_dir: Path = Field(Path("config/sources"), description="one YAML per source")
    demo_url: str = Field("", description="control address of the demonstration boards")
    demo_board_ports: str = Field("", description="ports of the boards, separated by commas")
    demo_days: int = Field(476, ge=60, le=1500, description="days of simulated history")
    demo_daily: float = Field(53.0, gt=0, description="simulated vacancies a day, nationwide")

    backup_dir: Path = Field(Path("backups"), description="folder of backups; best another disk")
    backup_passphrase_file: str = Field("", description="file that encrypts them; empty: none")

    contact_url: str = "https://labourwatch.example/crawler"
    contact_email: str = "operations@labourwatch.example"

    @property
    def bootstrap_servers(self) -> str:
        """`host:port` without the scheme, as aiokafka wants it."""
        return self.broker_url.removeprefix("kafka://")

    @property
    def dashboard_url(self) -> str:
        """The address people open."""
        return self.public_url or f"http://{self.dashboard_host}:{self.dashboard_port}"

    @property
    def is_demonstration(self) -> bool:
        """Whether every page and export must say "demonstration data"."""
        return self.workspace == "demonstration"


def load_settings(var_dir: Path | None = None) -> Settings:
    """Read settings once, at the start of a process.

    Args:
        var_dir: state directory; default `$LABOURWATCH_VAR_DIR` or `./var`.

    Raises:
        pydantic.ValidationError: a value has the wrong type; the message names it.
    """
    place = var_dir or Path(os.environ.get(f"{PREFIX}VAR_DIR", "var"))
    default: Path = Settings.model_fields["secrets_dir"].default
    secrets = Path(os.environ.get(f"{PREFIX}SECRETS_DIR", default))
    return Settings(
        var_dir=place,
        _env_file=place / "stack.env",
        _secrets_dir=secrets if secrets.is_dir() else None,
    )
