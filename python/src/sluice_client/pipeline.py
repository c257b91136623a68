"""A pipeline by name, and the ways to report about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, Dict, Optional, Protocol, TypeVar
from urllib.parse import quote

from . import fields
from .answer import Answer
from .evidence import Evidence, Time
from .reporter import Fields, Reporter
from .run import Run

if TYPE_CHECKING:
    from .references import References

T = TypeVar("T")
_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\Z")
_PUT_SECONDS = 15.0


class Request(Protocol):
    def __call__(self, method: str, path: str, seconds: float, body: Optional[Dict[str, Any]] = None) -> Answer: ...


class SluiceError(Exception):
    """The agent did not do what it was asked for; the text is its own."""


class Pipeline:
    """Made by `pipeline(name)`."""

    def __init__(
        self,
        name: str,
        reporter: Reporter,
        references: "References",
        watch: Callable[[Run, bool], None],
        request: Request,
    ) -> None:
        self.name = name
        self._reporter = reporter
        self._references = references
        self._watch = watch
        self._request = request

    def run(
        self,
        run_id: Optional[str] = None,
        *,
        attempt: int = 1,
        will_retry: bool = False,
        data_interval_start: Optional[Time] = None,
        data_interval_end: Optional[Time] = None,
        traceparent: Optional[str] = None,
    ) -> Run:
        """A run of this process, for a `with` block.

        run_id: one that the scheduler knows; a UUIDv7 unless given. attempt: 1, 2, … of the same run_id.
        will_retry: when this attempt fails, another follows: a failed attempt, not a failed run.
        data_interval_start, data_interval_end: what the run is about; a backfill of an older interval moves no gauges.
        traceparent: of W3C, links the run to its trace.
        """
        reporter, common = self._common(run_id, attempt, traceparent)
        interval: Fields = {}
        for field, value in (("data_interval_start", data_interval_start), ("data_interval_end", data_interval_end)):
            if value is not None:
                when = self._checked(fields.when, field, value)
                if when is not None:
                    interval[field] = when
        return Run(reporter, self._references, common, interval, will_retry, self._watch)

    def attach(self, run_id: str, *, attempt: int = 1) -> Evidence:
        """For a task that is only a part of a run: it reports evidence, and the run's start and end are not its own.
        With a wrong run_id nothing of the task is reported.
        """
        if run_id is None:
            self._reporter.tell("attach: run_id: missing; give the run_id of the run that this task is a part of")
        reporter, common = self._common(run_id, attempt, None)
        if common["run_id"] != run_id:  # told; what is reported belongs to no other run
            reporter = reporter.muted()
        return Evidence(reporter, self._references, common)

    def set_reference(self, feature_name: str, reference: Dict[str, Any], *, note: Optional[str] = None) -> Dict[str, Any]:
        """Stores what `reference_from` made as the active reference of a feature, and returns it as stored, with its
        version. Waits for the agent; raises SluiceError.
        """
        path = f"/v1/references/{quote(self.name, safe='')}/{quote(feature_name, safe='')}"
        if self._reporter.settings.url is None:
            raise SluiceError(f"set_reference: {self._reporter.settings.url_problem}")
        body = reference if note is None else {**reference, "note": note}
        answer = self._request("PUT", path, _PUT_SECONDS, body)
        if answer.is_temporary or answer.status >= 400 or not isinstance(answer.body, dict):
            raise SluiceError(f"set_reference {self.name}/{feature_name}: {answer.problem}")
        self._references.forget(self.name)
        return answer.body

    def _common(self, run_id: Optional[str], attempt: int, traceparent: Optional[str]) -> "tuple[Reporter, Fields]":
        """What every report of a run says. Without a name nothing can be said."""
        reporter = self._reporter
        if self._checked(fields.name, "pipeline_name", self.name) is None:
            reporter = reporter.muted()
        known = None if run_id is None else self._checked(lambda _, value: fields.run_id(value), "run_id", run_id)
        common: Fields = {"pipeline_name": self.name, "run_id": known or reporter.new_id()}
        if attempt != 1:
            common["attempt"] = self._checked(lambda _, value: fields.attempt(value), "attempt", attempt) or 1
        if traceparent is not None:
            if isinstance(traceparent, str) and _TRACEPARENT.match(traceparent):
                common["traceparent"] = traceparent
            else:
                reporter.tell(str(fields.wrong("traceparent", traceparent, "a W3C traceparent")))
        return reporter, common

    def _checked(self, check: Callable[[str, object], T], field: str, value: object) -> Optional[T]:
        """None, and told, where it is wrong: the pipeline runs all the same."""
        try:
            return check(field, value)
        except fields.Wrong as problem:
            self._reporter.tell(str(problem))
            return None
