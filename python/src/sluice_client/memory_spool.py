"""Holds reports in memory where there is no disk: lost with the process, and of bounded size."""

from __future__ import annotations

import threading
from collections import deque
from typing import Callable, Deque, List, Optional

from .segment import FULL_BYTES, FULL_LINES

MOST_BYTES = 8 << 20


class MemorySpool:
    def __init__(self, dropped: Callable[[List[bytes], str], None], most_bytes: int = MOST_BYTES) -> None:
        self._lock = threading.RLock()
        self._lines: Deque[bytes] = deque()
        self._bytes = 0
        self._claimed = 0
        self._dropped = dropped
        self._most_bytes = most_bytes

    def append(self, line: bytes) -> None:
        lost: List[bytes] = []
        with self._lock:
            self._lines.append(line)
            self._bytes += len(line)
            while self._bytes > self._most_bytes and len(self._lines) > 1:
                lost.append(self._lines.popleft())
                self._bytes -= len(lost[-1])
        if lost:
            self._dropped(lost, f"{self._most_bytes >> 20} MiB wait in memory, the oldest went")

    def claim(self) -> Optional["MemoryBatch"]:
        taken: List[bytes] = []
        size = 0
        with self._lock:
            while self._lines and len(taken) < FULL_LINES and size < FULL_BYTES:
                line = self._lines.popleft()
                size += len(line)
                taken.append(line.rstrip(b"\n"))
            self._bytes -= size
            self._claimed += len(taken)
        return MemoryBatch(self, taken) if taken else None

    def waiting(self) -> int:
        with self._lock:
            return len(self._lines) + self._claimed

    def settle(self, taken: int, back: List[bytes]) -> None:
        with self._lock:
            self._claimed -= taken
            self._lines.extendleft(line + b"\n" for line in reversed(back))
            self._bytes += sum(len(line) + 1 for line in back)


class MemoryBatch:
    def __init__(self, spool: MemorySpool, lines: List[bytes]) -> None:
        self.lines = lines
        self._spool = spool

    def done(self) -> None:
        self._spool.settle(len(self.lines), [])

    def give_back(self, lines: List[bytes]) -> None:
        self._spool.settle(len(self.lines), lines)
