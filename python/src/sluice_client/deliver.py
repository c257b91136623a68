"""Sends one batch to POST /v1/reports and reads the outcome of each line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, List, Optional, Tuple

from .answer import Answer

Post = Callable[[bytes], Answer]

#: Most lines of one request.
MOST_LINES = 1000
#: Error codes about the state of the agent and not about the line: the line is sent again.
_TEMPORARY_CODES = frozenset(
    ["rate_limited", "internal_error", "store_unavailable", "queue_full", "shutting_down", "request_timeout", "too_many_new"]
)
#: Statuses of a whole batch that one line, or the size of all, may have caused: it is split.
_SPLIT_AT = frozenset([400, 409, 413, 422])


@dataclass
class Delivered:
    """refused: (line, status, code, detail). again: to be sent later, `problem` says why, not before retry_after seconds.
    contract: the version that the agent states. reduced: taken without a field that the agent does not know.
    unusable: (item, code, detail) of parts of accepted reports that are no evidence: a bad check, a feature that does not fit.
    """

    accepted: int = 0
    duplicates: int = 0
    refused: List[Tuple[bytes, int, str, str]] = field(default_factory=list)
    again: List[bytes] = field(default_factory=list)
    problem: str = ""
    retry_after: Optional[float] = None
    contract: Optional[str] = None
    reduced: int = 0
    unusable: List[Tuple[str, str, str]] = field(default_factory=list)

    def postpone(self, lines: List[bytes], problem: str, retry_after: Optional[float]) -> None:
        self.again.extend(lines)
        self.problem = problem
        self.retry_after = retry_after


def deliver(lines: List[bytes], post: Post) -> Delivered:
    outcome = Delivered()
    # The segment of another client may be of any size.
    for start in range(0, len(lines), MOST_LINES):
        _deliver(lines[start : start + MOST_LINES], post, outcome)
    return outcome


def _deliver(lines: List[bytes], post: Post, outcome: Delivered) -> None:
    if outcome.again:  # the other half would fail in the same way
        outcome.again.extend(lines)
        return
    answer = post(b"\n".join(lines) + b"\n")
    outcome.contract = answer.contract or outcome.contract
    if answer.is_temporary:
        outcome.postpone(lines, answer.problem, answer.retry_after)
    elif answer.status < 300:
        _sort(lines, answer, outcome)
    elif answer.status in _SPLIT_AT and len(lines) > 1:
        middle = len(lines) // 2
        _deliver(lines[:middle], post, outcome)
        _deliver(lines[middle:], post, outcome)
    else:
        outcome.refused.extend((line, answer.status, answer.code, answer.detail) for line in lines)


def _sort(lines: List[bytes], answer: Answer, outcome: Delivered) -> None:
    try:
        accepted, duplicates = int(answer.body["accepted"]), int(answer.body["duplicates"])
        rejected = {int(item["index"]): (str(item["code"]), str(item["detail"])) for item in answer.body["rejected"]}
        # Agents before contract 1.1 state none.
        unusable = [(str(part["item"]), str(part["code"]), str(part["detail"])) for part in answer.body.get("errors", ())]
        complete = accepted + duplicates + len(rejected) == len(lines) and all(0 <= i < len(lines) for i in rejected)
    except (AttributeError, KeyError, TypeError, ValueError):
        complete = False
    if not complete:
        outcome.postpone(lines, f"not the answer of an agent: {answer.problem}", None)
        return
    outcome.accepted += accepted
    outcome.duplicates += duplicates
    outcome.unusable += unusable
    for index, (code, detail) in rejected.items():
        if code in _TEMPORARY_CODES:
            outcome.postpone([lines[index]], f"{code}: {detail}", answer.retry_after)
        else:
            outcome.refused.append((lines[index], answer.status, code, detail))
