"""Takes reports: to disk if there is one, else to memory."""

from __future__ import annotations

import threading
from typing import Optional

from .batch import Batch
from .disk_spool import DiskSpool
from .memory_spool import MemorySpool
from .telling import log


class Outbox:
    """Any thread may append. The lock is held for one write to the page cache; it is reentrant because a signal
    handler may report while the main thread does.
    """

    def __init__(self, disk: Optional[DiskSpool], memory: MemorySpool) -> None:
        self.lock = threading.RLock()
        self.reported = 0
        self._disk = disk
        self._memory = memory
        self._disk_failed = False

    def append(self, line: bytes) -> None:
        with self.lock:
            self.reported += 1
            if self._disk is not None:
                try:
                    self._disk.append(line)
                    return
                except OSError as error:
                    self._tell_once(error)
            self._memory.append(line)

    def _tell_once(self, error: OSError) -> None:
        if not self._disk_failed:
            self._disk_failed = True
            log.warning("the spool cannot be written (%s); reports wait in memory", error)

    def seal(self) -> None:
        """Makes all appended reports claimable."""
        if self._disk is not None:
            with self.lock:
                try:
                    self._disk.seal()
                except OSError as error:
                    self._tell_once(error)

    def claim(self) -> Optional[Batch]:
        batch: Optional[Batch] = None if self._disk is None else self._disk.claim()
        return self._memory.claim() if batch is None else batch

    def spooled(self) -> int:
        return 0 if self._disk is None else self._disk.waiting()

    def queued(self) -> int:
        return self._memory.waiting()

    def own_are_gone(self) -> bool:
        """Whether no segment of this process is left, not even one that another process is sending."""
        return self._disk is None or self._disk.own_are_gone()
