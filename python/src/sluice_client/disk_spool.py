"""The folder on disk where reports wait for the agent, shared with other processes and with the TypeScript client."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Callable, List, Optional, Set

from .segment import Segment, write_whole
from .spool_files import SpoolFile, finished_name, is_claimable, list_segments, sending_name
from .uuid7 import Uuid7, unix_ms_of

MOST_BYTES = 64 << 20
#: Bytes written between two checks of the bounds: reading a full folder takes a millisecond.
_CHECK_AFTER_BYTES = 1 << 20
#: The agent remembers ids for 7 days; after that the same report sent again would count again.
OLDEST_SECONDS = 6 * 86_400


class DiskSpool:
    """The outbox calls append and seal under one lock; the sender calls the rest. `dropped` receives the reports lost to
    the bounds or to age.
    """

    def __init__(self, folder: Path, uuids: Uuid7, dropped: Callable[[List[bytes], str], None], most_bytes: int = MOST_BYTES):
        self.folder = str(folder)
        self._uuids = uuids
        self._dropped = dropped
        self._most_bytes = most_bytes
        self._segment: Optional[Segment] = None
        self._own: Set[str] = set()
        self._unchecked = 0

    @staticmethod
    def prepare(folder: Path) -> bool:
        """Makes the folder; False where it cannot be written."""
        try:
            # mkdir applies its mode to the last folder only.
            for made in [*reversed([parent for parent in folder.parents if not parent.exists()]), folder]:
                made.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            return False
        return os.access(folder, os.W_OK | os.X_OK)

    def append(self, line: bytes) -> None:
        segment = self._segment
        if segment is None:
            segment = self._segment = self._new_segment()
        try:
            segment.append(line)
        except OSError:
            self.seal()
            raise
        if segment.is_full:
            self.seal()
            self._unchecked += segment.bytes
            if self._unchecked >= _CHECK_AFTER_BYTES:
                self._unchecked = 0
                self._keep_bound()

    def _new_segment(self) -> Segment:
        uuid = self._uuids.make(time.time_ns() // 1_000_000)
        try:
            return Segment(self.folder, uuid)
        except FileNotFoundError:  # somebody cleaned up
            self.prepare(Path(self.folder))
            return Segment(self.folder, uuid)

    def seal(self) -> None:
        """Makes the appended reports claimable."""
        segment, self._segment = self._segment, None
        if segment is not None:
            self._own.add(segment.uuid)
            segment.finish()

    def abandon(self) -> None:
        """Called in a forked child: the open segment is the parent's."""
        segment, self._segment = self._segment, None
        if segment is not None:
            segment.abandon()

    def claim(self) -> Optional["DiskBatch"]:
        """The oldest free segment that is young enough to be sent; None where there is none."""
        own_pid = os.getpid()
        for segment in list_segments(self.folder):
            if not is_claimable(self.folder, segment, own_pid, time.time()):
                continue
            batch = self._take(segment, own_pid)
            if batch is not None:
                return batch
        return None

    def _take(self, segment: SpoolFile, own_pid: int) -> Optional["DiskBatch"]:
        found = os.path.join(self.folder, segment.file)
        path = os.path.join(self.folder, sending_name(segment.uuid, own_pid))
        try:
            # A rename keeps the time, by which others would take an old segment for abandoned while it is being sent.
            os.utime(found)
            os.rename(found, path)
            content = Path(path).read_bytes()
        except OSError:  # another process was faster
            return None
        lines = [line for line in content.split(b"\n")[:-1] if line.strip()]
        batch = DiskBatch(self.folder, segment.uuid, path, self._young(segment.uuid, lines))
        if batch.lines:
            return batch
        batch.done()
        return None

    def _young(self, uuid: str, lines: List[bytes]) -> List[bytes]:
        oldest_ms = (time.time() - OLDEST_SECONDS) * 1000
        # No line is older than its segment.
        if (unix_ms_of(uuid) or 0) >= oldest_ms:
            return lines
        made = [(line, _made_ms(line) >= oldest_ms) for line in lines]
        old = [line for line, is_young in made if not is_young]
        if old:
            self._dropped(old, "they are older than 6 days")
        return [line for line, is_young in made if is_young]

    def waiting(self) -> int:
        """Reports in the folder, of all processes."""
        return sum(self._count(segment) for segment in list_segments(self.folder))

    def own_are_gone(self) -> bool:
        self._own.intersection_update(segment.uuid for segment in list_segments(self.folder))
        return not self._own

    def _count(self, segment: SpoolFile) -> int:
        try:
            return Path(self.folder, segment.file).read_bytes().count(b"\n")
        except OSError:
            return 0

    def _keep_bound(self) -> None:
        segments = list_segments(self.folder)
        sizes = {segment.file: _size(os.path.join(self.folder, segment.file)) for segment in segments}
        over = sum(sizes.values()) - self._most_bytes
        for segment in segments:
            if over <= 0:
                return
            if segment.pid is not None:
                continue
            path = os.path.join(self.folder, segment.file)
            try:
                lost = Path(path).read_bytes().split(b"\n")[:-1]
                os.unlink(path)
            except OSError:
                continue
            over -= sizes[segment.file]
            self._dropped(lost, f"the spool {self.folder} holds {self._most_bytes >> 20} MiB, the oldest went")


class DiskBatch:
    """A claimed segment."""

    def __init__(self, folder: str, uuid: str, path: str, lines: List[bytes]) -> None:
        self.lines = lines
        self._finished = os.path.join(folder, finished_name(uuid))
        self._path = path

    def done(self) -> None:
        try:
            os.unlink(self._path)
        except OSError:
            pass

    def give_back(self, lines: List[bytes]) -> None:
        try:
            if len(lines) == len(self.lines):
                os.rename(self._path, self._finished)
                return
            write_whole(self._finished, b"".join(line + b"\n" for line in lines))
        except OSError:
            return  # it stays: others may claim it once this process has ended
        self.done()


def _made_ms(line: bytes) -> float:
    """When a report was made, by its id, else by its `at`; a line that cannot be read is sent for the agent to refuse."""
    try:
        report = json.loads(line)
        made = unix_ms_of(str(report.get("id")))
        if made is not None:
            return made
        return float(report["at"]) * 1000
    except (ValueError, TypeError, KeyError, AttributeError):
        return float("inf")


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
