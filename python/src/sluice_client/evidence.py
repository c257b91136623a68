"""What a task can report about the run it belongs to."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Optional, Sequence, Union

from . import fields
from .quality import Quality
from .reporter import Fields, Reporter, never_raises

if TYPE_CHECKING:
    from .references import References

Time = Union[datetime, date, str, float]


class Evidence:
    """Reports about one run. Each call takes microseconds, never waits for the agent and never raises (but for a
    strict client's UsageError). From `pipeline.attach(run_id)`: the run's end is somebody else's to report.
    """

    def __init__(self, reporter: Reporter, references: "References", common: Fields) -> None:
        self._reporter = reporter
        self._references = references
        self._common = common
        self._prefix = reporter.prefix(common)

    @property
    def pipeline_name(self) -> str:
        return str(self._common["pipeline_name"])

    @property
    def run_id(self) -> str:
        return str(self._common["run_id"])

    @never_raises
    def records(
        self,
        stage: str,
        count: int,
        *,
        failed: Optional[int] = None,
        expected_min: Optional[int] = None,
        part: Optional[str] = None,
    ) -> None:
        """count records came out of a stage, failed did not; counts of the same stage and part add up.
        expected_min: with fewer the gate blocks.
        """
        body: Fields = {"stage": fields.name("stage", stage), "count": fields.count("count", count)}
        if failed is not None:
            body["failed"] = fields.count("failed", failed)
        if expected_min is not None:
            body["expected_min"] = fields.count("expected_min", expected_min)
        if part is not None:
            body["part"] = fields.name("part", part)
        self._reporter.report("records", self._prefix, body)

    @never_raises
    def quality(
        self,
        check_name: Union[str, Quality],
        score: Optional[float] = None,
        *,
        threshold: Optional[float] = None,
        severity: Optional[str] = None,
        error: Union[str, BaseException, None] = None,
    ) -> None:
        """The outcome of a check: a score from 0 to 1, which passes when it reaches the threshold (0.8 unless given).
        A check that could not be computed has the score None and an error. Takes a Quality as well.
        """
        given = check_name if isinstance(check_name, Quality) else Quality(check_name, score, threshold, severity, error)
        self._reporter.report("quality", self._prefix, given.body())

    @never_raises
    def latency(self, operation: str, seconds: Union[float, Sequence[float]]) -> None:
        """How long an operation took: seconds, or many of them."""
        body = {"operation": fields.name("operation", operation), "seconds": fields.seconds(seconds)}
        self._reporter.report("latency", self._prefix, body)

    @contextmanager
    def timed(self, operation: str) -> Iterator[None]:
        """Reports the latency of the block, also of one that raises."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.latency(operation, time.perf_counter() - started)

    @never_raises
    def freshness(self, data_through: Time, *, dataset: Optional[str] = None) -> None:
        """The data is complete up to this time. A datetime without a time zone is UTC. dataset: the pipeline's name
        unless given.
        """
        body: Fields = {"data_through": fields.when("data_through", data_through)}
        if dataset is not None:
            body["dataset"] = fields.name("dataset", dataset)
        self._reporter.report("freshness", self._prefix, body)

    @never_raises
    def drift(self, features: Mapping[str, Any]) -> None:
        """Histograms of features, to be judged against their references. A feature is a column of values (list, numpy
        array, pandas or Polars series) or a histogram already: {"counts": …}, {"edges": …, "counts": …} or
        {"categories": …}. Values are counted here, on the bins of the reference; they are not sent.
        """
        from .histogram.features import feature_histograms

        def tell(problem: str) -> None:
            self._reporter.tell(f"drift: {problem}; this feature is not sent")

        body = feature_histograms(features, lambda: self._references.of(self.pipeline_name), tell)
        if body:
            self._reporter.report("drift", self._prefix, {"features": body})
