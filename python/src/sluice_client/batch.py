"""What the sender takes out of a spool at a time, and gives back."""

from __future__ import annotations

from typing import List, Protocol


class Batch(Protocol):
    """Lines that are this process' to send until one of the two is called, exactly once."""

    @property
    def lines(self) -> List[bytes]:
        """Each is one report as JSON, without its newline."""
        ...

    def done(self) -> None:
        """All were answered for good."""
        ...

    def give_back(self, lines: List[bytes]) -> None:
        """These are to be sent later."""
        ...
