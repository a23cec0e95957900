"""What the office keeps: consents, authorisations, licences, plans, other services."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_record",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("client", sa.String(), nullable=True),
        sa.Column("draft", sa.String(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("says", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["client"], ["client.id"]),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_office_record_client", "office_record", ["client"], unique=False)
    op.create_index("ix_office_record_draft", "office_record", ["draft"], unique=False)
