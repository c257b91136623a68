"""A pipeline, and the calls that report about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, Dict, Optional, Protocol, TypeVar
from urllib.parse import quote

from . import fields
from .agent_contract import oldest_reference
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
    """The agent refused a request; the text is its own."""


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
        attempt: Optional[int] = None,
        try_: Optional[int] = None,
        resumes: bool = False,
        will_retry: bool = False,
        data_interval_start: Optional[Time] = None,
        data_interval_end: Optional[Time] = None,
        logical_date: Optional[Time] = None,
        traceparent: Optional[str] = None,
    ) -> Run:
        """A run of this process, for a `with` block.

        run_id: one that the scheduler knows; a UUIDv7 unless given. attempt: 1, 2, …: which time the run is done under
        that run_id; by default the agent tells attempts apart by their times. try_: which repetition of a part of the work
        inside its attempt. resumes: this attempt does a part of the work again, and the evidence of the attempt before
        still counts.
        will_retry: when this attempt fails, another follows: a failed attempt, not a failed run.
        data_interval_start, data_interval_end: what the run is about; a backfill of an older interval moves no gauges.
        logical_date: the date the run is about, where that is not when it started: it orders runs.
        traceparent: of W3C, links the run to its trace.
        """
        reporter, common = self._common(run_id, attempt, traceparent)
        about: Fields = {"resumes": True} if resumes is True else {}
        for field, value in (
            ("data_interval_start", data_interval_start),
            ("data_interval_end", data_interval_end),
            ("logical_date", logical_date),
        ):
            if value is not None:
                when = self._checked(fields.when, field, value)
                if when is not None:
                    about[field] = when
        nth = self._try_number(try_)
        return Run(reporter, self._references, common, nth, about, will_retry, self._watch)

    def attach(self, run_id: str, *, attempt: Optional[int] = None, try_: Optional[int] = None) -> Evidence:
        """For a task that is only a part of a run: it reports evidence, and another process reports start and end.
        attempt, try_: as of run; a scheduler's number of tries of the task is its try_. With a wrong run_id nothing of the
        task is reported.
        """
        if run_id is None:
            self._reporter.tell("attach: run_id: missing; give the run_id of the run that this task is a part of")
        reporter, common = self._common(run_id, attempt, None)
        if common["run_id"] != run_id:  # was logged; these reports belong to no other run
            reporter = reporter.muted()
        return Evidence(reporter, self._references, common, self._try_number(try_))

    def set_reference(self, feature_name: str, reference: Dict[str, Any], *, note: Optional[str] = None) -> Dict[str, Any]:
        """Stores what `reference_from` made, or a histogram of your own, as the active reference of a feature, and returns it as
        stored, with its version. Waits for the agent; raises SluiceError.
        """
        from .histogram.frames import name_of_column
        from .histogram.made import made_histogram
        from .histogram.tally import Unfit

        feature_name = name_of_column(feature_name)
        path = f"/v1/references/{quote(self.name, safe='')}/{quote(feature_name, safe='')}"
        if self._reporter.settings.url is None:
            raise SluiceError(f"set_reference: {self._reporter.settings.url_problem}")
        try:
            reference = {**reference, **made_histogram(reference)}
        except (Unfit, fields.Wrong) as problem:
            raise SluiceError(f"set_reference {self.name}/{feature_name}: {problem}") from None
        body = reference if note is None else {**reference, "note": note}
        answer = self._request("PUT", path, _PUT_SECONDS, body)
        if answer.status == 422 and answer.contract is None:
            # An agent of contract 1.0 refuses what it does not know of the rows; it states no contract.
            answer = self._request("PUT", path, _PUT_SECONDS, oldest_reference(body))
        if answer.is_temporary or answer.status >= 400 or not isinstance(answer.body, dict):
            raise SluiceError(f"set_reference {self.name}/{feature_name}: {answer.problem}")
        self._references.forget(self.name)
        return answer.body

    def _try_number(self, given: Optional[int]) -> Optional[int]:
        return None if given is None else self._checked(lambda _, value: fields.try_number(value), "try", given)

    def _common(self, run_id: Optional[str], attempt: Optional[int], traceparent: Optional[str]) -> "tuple[Reporter, Fields]":
        """The fields of every report of a run; None without a name."""
        reporter = self._reporter
        if self._checked(fields.name, "pipeline_name", self.name) is None:
            reporter = reporter.muted()
        known = None if run_id is None else self._checked(lambda _, value: fields.run_id(value), "run_id", run_id)
        common: Fields = {"pipeline_name": self.name, "run_id": known or reporter.new_id()}
        if attempt is not None:
            number = self._checked(lambda _, value: fields.attempt(value), "attempt", attempt)
            if number is not None:
                common["attempt"] = number
        if traceparent is not None:
            if isinstance(traceparent, str) and _TRACEPARENT.match(traceparent):
                common["traceparent"] = traceparent
            else:
                reporter.tell(str(fields.wrong("traceparent", traceparent, "a W3C traceparent")))
        return reporter, common

    def _checked(self, check: Callable[[str, object], T], field: str, value: object) -> Optional[T]:
        """The value, or None with a log line where it is wrong: the pipeline goes on."""
        try:
            return check(field, value)
        except fields.Wrong as problem:
            self._reporter.tell(str(problem))
            return None
