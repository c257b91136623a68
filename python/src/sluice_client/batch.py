"""The lines that the sender takes out of a spool at a time."""

from __future__ import annotations

from typing import List, Protocol


class Batch(Protocol):
    """Lines that this process may send until it calls `done` or `give_back`, exactly once."""

    @property
    def lines(self) -> List[bytes]:
        """One report as JSON each, without newline."""
        ...

    def done(self) -> None:
        """Every line has its final answer."""
        ...

    def give_back(self, lines: List[bytes]) -> None:
        """Puts these lines back, to be sent later."""
        ...
