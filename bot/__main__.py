"""`python -m bot` and the `circlenote` command."""

import sys
import traceback
from pathlib import Path

from bot.cli import app


def main() -> None:
    """An error that nobody foresaw is named by its kind and place: its text might quote somebody's words."""
    try:
        app()
    except Exception as e:  # noqa: BLE001 - the last border before the person
        where = traceback.extract_tb(e.__traceback__)[-1]
        sys.exit(
            f"Something went wrong inside Circlenote: {type(e).__name__} at {Path(where.filename).name}:{where.lineno}."
        )


if __name__ == "__main__":
    main()
