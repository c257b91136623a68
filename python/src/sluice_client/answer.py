"""The answer to a request, and whether sending it again may help."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Optional

#: No whole answer arrived: refused, reset, timed out, or not HTTP.
NO_ANSWER = 0


@dataclass(frozen=True)
class Answer:
    """status: of HTTP, or NO_ANSWER. body: the parsed JSON, None where it is none. problem: for people."""

    status: int
    body: Any
    problem: str
    retry_after: Optional[float] = None
    #: The version of the contract that the agent states.
    contract: Optional[str] = None

    @property
    def is_temporary(self) -> bool:
        """429, 5xx, 408 (the request arrived too slowly), no answer, or one that is not an agent's."""
        if 400 <= self.status < 500:
            return self.status in (408, 429)
        return not 200 <= self.status < 300 or self.body is None

    @property
    def code(self) -> str:
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return code if isinstance(code, str) else f"http_{self.status}"

    @property
    def detail(self) -> str:
        detail = self.body.get("detail") if isinstance(self.body, dict) else None
        return detail if isinstance(detail, str) else self.problem


def read_answer(
    status: int, text: bytes, retry_after: Optional[float] = None, contract: Optional[str] = None
) -> Answer:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    detail = body.get("detail") if isinstance(body, dict) else None
    shown = str(detail) if detail else repr(text[:120].decode("utf-8", "replace"))
    return Answer(status, body, f"HTTP {status}: {shown}", retry_after, contract)
