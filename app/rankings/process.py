"""`python -m app.rankings.process TIME`: the child that counts; prints how many lists changed."""

import gc
import os
import sys
from datetime import datetime

from app.children import NICENESS, answer_parent, end_with_parent
from app.db import open_database
from app.rankings.counting import count_rankings
from app.settings import Settings


def main() -> None:
    """Count for this business time."""
    os.nice(NICENESS)
    end_with_parent()
    gc.disable()  # nothing here makes circles, and looking for them takes a third of the time
    database = open_database(Settings.from_env().database_url)
    changed = count_rankings(database, datetime.fromisoformat(sys.argv[1]))
    database.dispose()
    answer_parent(str(changed))


if __name__ == "__main__":
    main()
