"""The header Retry-After."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Optional

#: Longest Retry-After that is respected.
MOST_SECONDS = 300.0


def seconds_until_retry(header: Optional[str]) -> Optional[float]:
    """Seconds, from whole seconds or a date; None where the header is neither, or absent."""
    if header is None:
        return None
    try:
        return min(max(0.0, float(header)), MOST_SECONDS)
    except ValueError:
        pass
    try:
        return min(max(0.0, parsedate_to_datetime(header).timestamp() - time.time()), MOST_SECONDS)
    except (ValueError, TypeError):
        return None
