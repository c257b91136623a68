"""Ids of reports and names of spool segments."""

from __future__ import annotations

import os
import random


class Uuid7:
    """Makes UUIDs of version 7 (RFC 9562): 48 bits of time, 74 random bits.

    The random bits come from a generator of its own, seeded by the operating system: `random.seed(0)` in a pipeline neither
    repeats the ids of yesterday nor is disturbed by them. After a fork the child needs a new one.
    """

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits = random.Random(os.urandom(32)).getrandbits

    def make(self, unix_ms: int) -> str:
        bits = self._bits(74)
        return "%08x-%04x-7%03x-%04x-%012x" % (
            unix_ms >> 16,
            unix_ms & 0xFFFF,
            bits >> 62,
            0x8000 | (bits >> 48) & 0x3FFF,
            bits & 0xFFFFFFFFFFFF,
        )


def unix_ms_of(uuid: str) -> int | None:
    """The time in a UUIDv7, in milliseconds; None where the text is no UUID."""
    try:
        return int(uuid[:8] + uuid[9:13], 16) if uuid[14] == "7" else None
    except (IndexError, ValueError):
        return None
