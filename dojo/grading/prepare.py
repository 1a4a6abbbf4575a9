"""Makes what all submissions get a copy of: Postgres' data with the dataset, and the katas' caches.

Run by itself in the sandbox, `python -m dojo.grading.prepare load|simulated`, before any submission
is: nothing of a stranger's has been there.
"""

import os
import sys

from dojo.errors import DojoError
from dojo.kata.finder import open_katas
from dojo.settings import ROOT, Settings
from dojo.site.workshop import Workshop

__all__ = ["main"]


def main(kind: str) -> int:
    """The process: 0, or 1 and the reason as its output."""
    needs_dataset = kind == "load"
    try:
        settings = Settings.read(ROOT, os.environ)
        with Workshop.open(settings, print, measures=needs_dataset) as workshop:
            if needs_dataset:
                workshop.ready_template()
                with open_katas(ROOT, settings.cache_dir, print):
                    pass
    except DojoError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
