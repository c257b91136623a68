"""Counts the reports of this process by outcome."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Dict


@dataclass(frozen=True)
class Stats:
    """Numbers of reports, named as the TypeScript client names them.

    reported: taken from the pipeline. sent: taken by the agent, those that others had left behind included.
    duplicates: the agent had them already. spooled: in files on disk, to be sent by this process or the next one.
    queued: waiting in memory, where there is no disk. dead: refused by the agent for good, kept in dead.ndjson.
    dropped: lost to wrong use, a full spool, age, or because there was nobody to report to. reduced: taken by an older agent
    without a field that it does not know (try, resumes, logical_date, lost, expected_min_of).
    """

    reported: int
    sent: int
    duplicates: int
    spooled: int
    queued: int
    dead: int
    dropped: int
    reduced: int

    def summary(self) -> str:
        """One line for the end of a process."""
        said = (
            (self.duplicates, "were there already"),
            (self.spooled, "left in the spool for the next client"),
            (self.queued, "not sent and lost with this process"),
            (self.dead, "refused, see dead.ndjson in the spool"),
            (self.dropped, "dropped"),
            (self.reduced, "without a field that the agent does not know"),
        )
        return ", ".join([f"{self.sent} reports sent", *(f"{n} {what}" for n, what in said if n)])

    @property
    def is_trouble(self) -> bool:
        """Whether a person should look at it."""
        return self.spooled + self.queued + self.dead + self.dropped + self.reduced > 0


class Counters:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: Dict[str, int] = dict.fromkeys(("sent", "duplicates", "dead", "dropped", "reduced"), 0)

    def add(self, name: str, n: int = 1) -> None:
        with self._lock:
            self._values[name] += n

    def read(self, *, reported: int, spooled: int, queued: int) -> Stats:
        with self._lock:
            return Stats(reported=reported, spooled=spooled, queued=queued, **self._values)
