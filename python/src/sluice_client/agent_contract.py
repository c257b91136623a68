"""Which fields of a report the agent knows."""

from __future__ import annotations

import json
import re
from typing import Optional

#: Fields by the minor version of the contract that brought them; all others came with 1.0.
_SINCE = {"try": 1, "resumes": 1, "logical_date": 1, "lost": 1, "expected_min_of": 1}
_NEWEST = 1
_MAY_HOLD = re.compile(b'"(?:' + "|".join(_SINCE).encode() + b')":')
_VERSION = re.compile(r"^1\.(\d{1,6})\Z")


class AgentContract:
    """Every answer says it (Sluice-Contract: 1.N) from 1.1 on. Until something is known all fields are sent: what a short
    job has to say goes out in its only request, and a refusal for a field costs one more request.
    """

    def __init__(self) -> None:
        self._minor: Optional[int] = None

    def answered(self, version: Optional[str]) -> None:
        """version: what an answer said; None where it said nothing (an agent of 1.0, or a proxy that took it away)."""
        match = _VERSION.match(version or "")
        if match is not None:
            self._minor = int(match.group(1))

    def is_oldest(self) -> None:
        """It took, without its newer fields, what it had refused with them."""
        self._minor = 0

    def fit(self, line: bytes) -> bytes:
        """The line without what the agent is known not to know."""
        return line if self._minor is None or self._minor >= _NEWEST else _without(line, self._minor)

    def fallback(self, line: bytes) -> Optional[bytes]:
        """What to send where the agent refused the line; None where that cannot be for a field."""
        if self._minor is not None and self._minor >= _NEWEST:
            return None
        shorter = _without(line, 0)
        return None if shorter == line else shorter


def _without(line: bytes, minor: int) -> bytes:
    if not _MAY_HOLD.search(line):
        return line
    try:
        report = json.loads(line)
        known = {name: value for name, value in report.items() if _SINCE.get(name, 0) <= minor}
    except (ValueError, AttributeError):
        return line
    return line if len(known) == len(report) else json.dumps(known, separators=(",", ":")).encode("ascii")
