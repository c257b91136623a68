"""The answer of a gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, List, Mapping, Optional

#: The decision that the client makes where no agent answers.
UNREACHABLE = "unreachable"


class GateError(Exception):
    """The question was wrong: a wrong argument, or an agent that refuses it."""


@dataclass(frozen=True)
class GateDecision:
    """decision: pass, warn, block, pending, unknown, or unreachable. allowed: whether the next step may go on.
    reasons: each with code, severity, subject, observed, threshold and detail. unreachable: why there is no answer.
    answer: everything the agent said.
    """

    pipeline_name: str
    decision: str
    allowed: bool
    reasons: List[Mapping[str, Any]]
    run_id: Optional[str]
    answer: Mapping[str, Any] = field(default_factory=dict, repr=False)
    unreachable: Optional[str] = None

    def __str__(self) -> str:
        about = f"the gate of {self.pipeline_name}" + (f" (run {self.run_id})" if self.run_id else "")
        if self.unreachable is not None:
            return f"{about} could not be asked: {self.unreachable}"
        lines = [f"\n  {one.get('severity')} {one.get('code')}: {one.get('detail')}" for one in self.reasons]
        return f"{about} says {self.decision}{''.join(lines)}"


class GateBlocked(Exception):
    """The next step must not go on; `decision` has the reasons, and so has the text."""

    def __init__(self, decision: GateDecision) -> None:
        super().__init__(str(decision))
        self.decision = decision

    def __reduce__(self) -> Any:
        # Picklable: task runners send exceptions between processes.
        return (GateBlocked, (self.decision,))


def read_decision(pipeline_name: str, body: Any) -> Optional[GateDecision]:
    """None: the answer is not an agent's."""
    if not isinstance(body, dict):
        return None
    decision, allowed, reasons = body.get("decision"), body.get("allowed"), body.get("reasons")
    if not isinstance(decision, str) or not isinstance(allowed, bool) or not isinstance(reasons, list):
        return None
    return GateDecision(pipeline_name, decision, allowed, reasons, body.get("run_id"), body)
