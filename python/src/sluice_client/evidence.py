"""The evidence that a task can report about its run."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Optional, Sequence, SupportsFloat, SupportsIndex, Union

from . import fields
from .losses import name_or, records_item
from .quality import Quality
from .refusals import Refusals, makes_evidence, without_value
from .reporter import Fields, Reporter, never_raises

if TYPE_CHECKING:
    from .references import References

Time = Union[datetime, date, str, float]
#: Numbers of numpy, Decimal and Fraction too; decimal text, as databases give it, is taken as well.
Number = Union[float, SupportsFloat, SupportsIndex]

#: Features of one report are judged together, so they are split only where a report would be too large.
MOST_FEATURES = 10_000


class Evidence:
    """Reports about one run. Each call takes microseconds, never waits for the agent and never raises (except the
    UsageError of a strict client). Evidence that cannot be reported still reaches a gate: a check as not computed, other
    evidence as lost, with the end of the run. From `pipeline.attach(run_id)`: another process reports the end of the run.

    try_, of the calls: the repetition of this part of the work; by default that of attach or run.
    """

    def __init__(
        self, reporter: Reporter, references: "References", common: Fields, try_number: Optional[int] = None
    ) -> None:
        self._reporter = reporter
        self._references = references
        self._common = common
        self._try = try_number
        self._prefix = reporter.prefix(common)
        self._refusals = Refusals(reporter, common, self._prefix, try_number)

    @property
    def pipeline_name(self) -> str:
        return str(self._common["pipeline_name"])

    @property
    def run_id(self) -> str:
        return str(self._common["run_id"])

    @makes_evidence("records", ("stage", "count"))
    def records(
        self,
        stage: str,
        count: Number,
        *,
        failed: Optional[Number] = None,
        expected_min: Optional[Number] = None,
        expected_min_of: Optional[str] = None,
        part: Optional[str] = None,
        try_: Optional[int] = None,
    ) -> None:
        """count records came out of a stage, failed did not; counts of the same stage and part add up.
        expected_min: with fewer the gate blocks. expected_min_of: "part" (unless given), or "stage": all parts say the same.
        """
        body: Fields = {"stage": fields.name("stage", stage), "count": fields.count("count", count)}
        if failed is not None:
            body["failed"] = fields.count("failed", failed)
        if expected_min is not None:
            body["expected_min"] = fields.count("expected_min", expected_min)
        if expected_min_of is not None:
            body["expected_min_of"] = fields.expected_min_of(expected_min_of)
        if part is not None:
            body["part"] = fields.name("part", part)
        self._reporter.report("records", self._prefix, self._with_try(body, try_))
        self._refusals.replaced("records", records_item(stage, part))

    @makes_evidence("quality", ("check_name", "score"))
    def quality(
        self,
        check_name: Union[str, Quality],
        score: Optional[Number] = None,
        *,
        threshold: Optional[Number] = None,
        severity: Optional[str] = None,
        error: Union[str, BaseException, None] = None,
        try_: Optional[int] = None,
    ) -> None:
        """The outcome of a check: a score from 0 to 1, which passes when it reaches the threshold (0.8 unless given).
        A check that could not be computed has the score None and an error. Takes a Quality as well.
        """
        given = check_name if isinstance(check_name, Quality) else Quality(check_name, score, threshold, severity, error)
        self._reporter.report("quality", self._prefix, self._with_try(given.body(), try_))
        self._refusals.replaced("quality", given.check_name)

    @never_raises
    def latency(self, operation: str, seconds: Union[float, Sequence[float]]) -> None:
        """How long an operation took: seconds, or a list of them."""
        body: Fields = {"operation": fields.name("operation", operation), "seconds": fields.seconds(seconds)}
        self._reporter.report("latency", self._prefix, self._with_try(body, None))

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
        self._reporter.report("freshness", self._prefix, self._with_try(body, None))

    @makes_evidence("drift", ("features",))
    def drift(
        self, features: Any, *, kinds: Optional[Mapping[str, str]] = None, try_: Optional[int] = None
    ) -> None:
        """Histograms of features, to be judged against their references: a frame, or columns by feature name. A column is values
        (list, array of numpy or Arrow, pandas or Polars series) or a histogram already: {"counts": …},
        {"edges": …, "counts": …} or {"categories": …}. Values are counted here, on the bins of the reference; they are not sent.

        kinds: by feature name "categorical" (values are names, also numbers), "numeric", or "days" (dates); by default as the
        reference counts. A feature that cannot be read is reported as refused; the others go.
        """
        from .histogram.features import feature_histograms

        more = self._with_try({}, try_)

        def refuse(feature_name: Any, problem: str, why: str) -> None:
            # A wrong value does not leave the process either.
            given = {"features": {str(feature_name)[:300]: {}}, **more}
            item = name_or(feature_name)
            self._refusals.add("drift", item, f"drift: {problem}", without_value(why), given)

        bodies = feature_histograms(features, lambda: self._references.of(self.pipeline_name), refuse, kinds)
        self._report_features(list(bodies.items()), more)

    def _report_features(self, bodies: "list[tuple[str, Any]]", more: Fields) -> None:
        if not bodies:
            return
        body = {"features": dict(bodies), **more}
        if len(bodies) > MOST_FEATURES or (len(bodies) > 1 and self._reporter.is_large(body)):
            middle = len(bodies) // 2
            self._report_features(bodies[:middle], more)
            self._report_features(bodies[middle:], more)
            return
        self._reporter.report("drift", self._prefix, body)
        for feature_name, _ in bodies:
            self._refusals.replaced("drift", feature_name)

    def _with_try(self, body: Fields, given: Optional[int]) -> Fields:
        nth = self._try if given is None else fields.try_number(given)
        return body if nth is None else {**body, "try": nth}
