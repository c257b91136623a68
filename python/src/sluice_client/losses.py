"""Keeps evidence that will not reach the agent until the end of its run reports it as lost."""

from __future__ import annotations

import json
import re
import threading
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Set, Tuple

#: Most runs with losses that are kept; the oldest are dropped first.
MOST_RUNS = 1000
#: Most losses of one run by name; further ones are counted.
MOST_ITEMS = 200
#: Most losses in one terminal report.
MOST_LISTED = 20
LONGEST_WHY = 500

_NAME = re.compile(r"^[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}\Z")
_TERMINAL = frozenset(["success", "failed", "skipped", "cancelled"])


class RunKey(NamedTuple):
    """Names a run; run_id "": the run-less run of the pipeline."""

    pipeline_name: str
    run_id: str


class Lost(NamedTuple):
    """kind: of report. item: the stage (and part), check or feature; "?" where that cannot be read. why: for people."""

    kind: str
    item: str
    why: str


class _OfRun:
    def __init__(self) -> None:
        self.items: Dict[Tuple[str, str], Lost] = {}
        #: What the client itself refused, with the fields as given: a later good report replaces it.
        self.refused: Dict[Tuple[str, str], Mapping[str, Any]] = {}
        self.more = 0


class Losses:
    """Thread-safe. It lives with the process: the terminal report of another process cannot state what this one dropped."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._of_run: Dict[RunKey, _OfRun] = {}
        self._open: Dict[RunKey, int] = {}

    @property
    def is_empty(self) -> bool:
        return not self._of_run

    def begin(self, of: RunKey) -> None:
        """Registers a run whose end this process will report."""
        with self._lock:
            self._open[of] = self._open.get(of, 0) + 1

    def ended(self, of: RunKey) -> None:
        with self._lock:
            left = self._open.pop(of, 1) - 1
            if left > 0:
                self._open[of] = left

    def is_open(self, of: RunKey) -> bool:
        return of in self._open

    def note(self, of: RunKey, lost: Lost, refused: Optional[Mapping[str, Any]] = None) -> None:
        """refused: the fields as they were given, where it was the client that refused."""
        with self._lock:
            entry = self._of_run.get(of)
            if entry is None:
                entry = self._of_run[of] = _OfRun()
                if len(self._of_run) > MOST_RUNS:
                    del self._of_run[next(iter(self._of_run))]
            key = (lost.kind, lost.item)
            if key in entry.items:
                return
            if len(entry.items) >= MOST_ITEMS:
                entry.more += 1
                return
            entry.items[key] = lost
            if refused is not None:
                entry.refused[key] = refused

    def note_line(self, line: bytes, why: str) -> None:
        """Notes a dropped line. Latency, freshness and run reports are no evidence of a run."""
        try:
            report = json.loads(line)
            kind, of = report["kind"], RunKey(str(report["pipeline_name"]), str(report.get("run_id") or ""))
        except (ValueError, TypeError, KeyError, AttributeError):
            return
        for item in _items_of(kind, report):
            self.note(of, Lost(kind, item, why))

    def replaced(self, of: RunKey, kind: str, item: str) -> None:
        """Forgets what the client refused of the item: a good report of it was made."""
        if self.is_empty:
            return
        with self._lock:
            entry = self._of_run.get(of)
            if entry is None:
                return
            for key in ((kind, item), (kind, "?")):
                if entry.refused.pop(key, None) is not None:
                    entry.items.pop(key, None)
            if not entry.items:
                del self._of_run[of]

    def take(self, of: RunKey) -> List[Dict[str, str]]:
        """The losses for the terminal report of the run, given out once."""
        with self._lock:
            entry = self._of_run.pop(of, None)
            return [] if entry is None else listed([*entry.items.values()], entry.more)

    def take_refused(self, of: RunKey) -> List[Tuple[str, Mapping[str, Any]]]:
        """What the client refused of a run whose end this process does not report after all: kind and fields."""
        with self._lock:
            entry = self._of_run.pop(of, None)
            return [] if entry is None else [(kind, fields) for (kind, _item), fields in entry.refused.items()]

    def with_lost(self, line: bytes) -> bytes:
        """Adds to a waiting end of a run what was dropped since it was written."""
        if self.is_empty or b'"kind":"run"' not in line:
            return line
        try:
            report = json.loads(line)
            if report.get("status") not in _TERMINAL:
                return line
            taken = self.take(RunKey(report["pipeline_name"], report.get("run_id") or ""))
            if not taken:
                return line
            known = [Lost(**item) for item in report.get("lost") or []]
            report["lost"] = listed([*known, *(Lost(**item) for item in taken)])
            return json.dumps(report, separators=(",", ":")).encode("ascii")
        except (ValueError, TypeError, KeyError, AttributeError):
            return line

    def take_back(self, line: bytes) -> None:
        """The line was not sent: keeps its losses for a later one."""
        report = json.loads(line)
        of = RunKey(report["pipeline_name"], report.get("run_id") or "")
        for item in report.get("lost") or []:
            self.note(of, Lost(**item))


def listed(items: List[Lost], more: int = 0) -> List[Dict[str, str]]:
    """At most 20: where there are more, the last one states how many. more: losses without a name."""
    if len(items) + more > MOST_LISTED:
        following = items[MOST_LISTED - 1]
        rest = len(items) + more - (MOST_LISTED - 1)
        why = f"{rest} more were lost, the first of them {following.kind} {following.item}: {following.why}"
        items = [*items[: MOST_LISTED - 1], Lost(following.kind, "?", why)]
    return [{"kind": kind, "item": item, "why": _short(why)} for kind, item, why in items]


def records_item(stage: object, part: object) -> str:
    """A stage, and its part where there is one."""
    named = name_or(stage)
    return f"{named}/{part[:200]}" if isinstance(part, str) and part and named != "?" else named


def name_or(name: object) -> str:
    """"?" for a name that the agent could not read either."""
    return name if isinstance(name, str) and _NAME.match(name) else "?"


def _items_of(kind: str, report: Any) -> Set[str]:
    if kind == "records":
        return {records_item(report.get("stage"), report.get("part"))}
    if kind == "quality":
        checks = report.get("checks")
        listed_checks = checks if isinstance(checks, list) else [report]
        return {name_or(check.get("check_name")) if isinstance(check, dict) else "?" for check in listed_checks}
    if kind == "drift":
        features = report.get("features")
        return {name_or(name) for name in features} if isinstance(features, dict) else {"?"}
    if kind == "schema":
        return {name_or(report.get("dataset") or report.get("pipeline_name"))}
    return set()


def _short(why: str) -> str:
    return why if len(why) <= LONGEST_WHY else f"{why[:LONGEST_WHY]}…"
