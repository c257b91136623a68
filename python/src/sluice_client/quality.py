"""A quality check's outcome as a value, made by from_pydantic and from_pandera and taken by run.quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Dict, Optional, Union

from . import fields

if TYPE_CHECKING:
    from .evidence import Number


@dataclass(frozen=True)
class Quality:
    """score: 0 to 1, None together with an error where the check could not be computed. threshold: what the score
    has to reach, 0.8 where none is given. severity: "error" (blocks the gate) or "warn".
    """

    check_name: str
    score: Optional["Number"]
    threshold: Optional["Number"] = None
    severity: Optional[str] = None
    error: Union[str, BaseException, None] = None

    def body(self) -> Dict[str, Any]:
        """Raises Wrong."""
        error = None if self.error is None else fields.text("error", self.error)
        body: Dict[str, Any] = {
            "check_name": fields.name("check_name", self.check_name),
            "score": fields.score(self.score, error),
        }
        if self.threshold is not None:
            body["threshold"] = fields.threshold(self.threshold)
        if self.severity is not None:
            body["severity"] = fields.severity(self.severity)
        if error is not None:
            body["error"] = error
        return body
