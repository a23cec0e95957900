"""Who is in the workspace, and what they can attach to a message."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from billing.record import record

TEAM_ID = "T0RIVERBEND"
APP_ID = "A0CIRCLENOTE"
BOT_USER_ID = "U0CIRCLENOTE"
BOT_ID = "B0CIRCLENOTE"

Json = dict[str, Any]


@record
class User:
    """A person in Slack. `is_stranger`: from another company, met in a shared channel (with another `team_id`)."""

    id: str
    name: str
    real_name: str
    tz: str = "America/New_York"
    team_id: str = TEAM_ID
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False

    def as_slack(self, now: float) -> Json:
        """As users.info tells it; `now` decides the zone's offset."""
        offset = datetime.fromtimestamp(now, ZoneInfo(self.tz)).utcoffset()
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            "profile": {"real_name": self.real_name, "display_name": self.name, "team": self.team_id},
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_stranger": self.is_stranger,
            "updated": int(now),
        }


BOT = User(id=BOT_USER_ID, name="circlenote", real_name="Circlenote", is_bot=True)


@record
class File:
    """Something attached to a message. `spoken`: what Slack's own transcription of a voice clip says."""

    id: str
    name: str
    mimetype: str
    size: int = 20_480
    spoken: str | None = None

    def as_slack(self, owner: str, created: float) -> Json:
        """As it stands in a message's `files`; voice clips carry their transcription."""
        told: Json = {
            "id": self.id,
            "created": int(created),
            "name": self.name,
            "title": self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rsplit(".", 1)[-1],
            "user": owner,
            "mode": "hosted",
            "file_access": "visible",
            "size": self.size,
            "url_private": f"https://files.slack.com/files-pri/{TEAM_ID}-{self.id}/{self.name}",
        }
        if self.spoken is not None:
            preview = {"content": self.spoken, "has_more": False}
            told |= {"subtype": "slack_audio", "transcription": {"status": "complete", "preview": preview}}
        return told


def voice_clip(spoken: str = "") -> File:
    """What Slack's microphone button attaches."""
    return File(id="F0VOICECLIP", name="audio_message.m4a", mimetype="audio/mp4", spoken=spoken)
