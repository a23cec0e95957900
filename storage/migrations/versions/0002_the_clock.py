"""What the clock goes by: office hours, cancelled meetings, who led instead, snoozes, reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _meetings()
    op.create_table(
        "snooze",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("press", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("press"),
    )
    op.create_index("ix_snooze_until", "snooze", ["until"], unique=False)
    _reminders()


def _meetings() -> None:
    op.create_table(
        "cancelled_meeting",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["standing_group.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_cancelled_meeting_met_on", "cancelled_meeting", ["met_on"], unique=False)
    op.create_table(
        "led_by",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("press", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group"], ["standing_group.id"]),
        sa.ForeignKeyConstraint(["leader"], ["clinician.id"]),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("press"),
    )
    op.create_index("ix_led_by_met_on", "led_by", ["met_on"], unique=False)


def _reminders() -> None:
    kinds = ("notes", "cosign", "overdue", "digest", "week")
    states = ("taken", "said", "overtaken", "given_up")
    op.create_table(
        "reminder",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*kinds, name="reminder_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*states, name="reminder_state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("key", "edition", name="reminder_once"),
    )
    op.create_index("ix_reminder_last", "reminder", ["kind", "to", "number"], unique=False)
    op.create_index("ix_reminder_state", "reminder", ["state"], unique=False)
