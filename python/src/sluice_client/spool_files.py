"""The names in a spool folder. TypeScript and Python clients share it, so this is a format and not a detail.

    <uuidv7>.<pid>.open      being written by that process
    <uuidv7>.ndjson          finished; whoever renames it owns it
    <uuidv7>.<pid>.sending   being sent by that process
    dead.ndjson              what the agent refused

An .open or .sending file whose process is dead, or that nobody has touched for ten minutes, belongs to whoever
renames it. UUIDv7 begin with the time, so the names in order are the segments in order.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from typing import List, Optional

ABANDONED_AFTER_SECONDS = 600
_LOADED_AT = time.time()

_NAME = re.compile(r"^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.(\d+)\.(open|sending)|\.ndjson)$")


@dataclass(frozen=True)
class SpoolFile:
    """`pid` and `state` are None for a finished segment."""

    file: str
    uuid: str
    pid: Optional[int]
    state: Optional[str]


def parse_name(file: str) -> Optional[SpoolFile]:
    match = _NAME.match(file)
    if match is None:
        return None
    uuid, pid, state = match.groups()
    return SpoolFile(file, uuid, None if pid is None else int(pid), state)


def list_segments(folder: str) -> List[SpoolFile]:
    """Oldest first; empty where there is no folder."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    found = [parsed for parsed in map(parse_name, names) if parsed is not None]
    return sorted(found, key=lambda segment: segment.uuid)


def open_name(uuid: str, pid: int) -> str:
    return f"{uuid}.{pid}.open"


def finished_name(uuid: str) -> str:
    return f"{uuid}.ndjson"


def sending_name(uuid: str, pid: int) -> str:
    return f"{uuid}.{pid}.sending"


def is_claimable(folder: str, segment: SpoolFile, own_pid: int, now: float) -> bool:
    """Whether no process is working on it."""
    if segment.pid is None:
        return True
    try:
        touched = os.stat(os.path.join(folder, segment.file)).st_mtime
    except OSError:
        return False
    if now - touched > ABANDONED_AFTER_SECONDS:
        return True
    if segment.pid == own_pid:
        # In a container the next process has the same pid as the killed one.
        return touched < _LOADED_AT - 1
    return not _is_alive(segment.pid)


def _is_alive(pid: int) -> bool:
    if os.name == "nt":  # on Windows kill(pid, 0) sends Ctrl-C
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # a process of another user: it lives
        return True
    return True
