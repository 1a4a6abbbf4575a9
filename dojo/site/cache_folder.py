"""The folder of the cache: made for its user alone, and refused where others could write into it.

What lies there is believed: answers, checksums, a pickle. Knows nothing of what that is.
"""

import os
import stat
from pathlib import Path

from dojo.errors import BadSetting

__all__ = ["claim", "require_ours"]


def claim(cache: Path) -> None:
    """Make the folder if it is missing, for its user alone.

    BadSetting if it is there and others could have written into it; OSError if it can't be made.
    """
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.mkdir(mode=0o700, exist_ok=True)
    require_ours(cache)


def require_ours(cache: Path) -> None:
    """BadSetting if the folder is another user's, or everybody may write there."""
    status = cache.stat()
    if status.st_uid != os.geteuid():
        raise BadSetting(
            f"{cache} belongs to another user (id {status.st_uid}), and what is in it would be"
            " believed. Set DOJO_CACHE to a folder of yours."
        )
    if status.st_mode & stat.S_IWOTH:
        raise BadSetting(
            f"Everybody may write into {cache}, and what is in it would be believed."
            f" Set DOJO_CACHE to another folder, or: chmod o-w {cache}"
        )
