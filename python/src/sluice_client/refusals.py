"""Evidence that the client refuses by itself, in a form that a gate sees."""

from __future__ import annotations

import math
import re
from functools import wraps
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Tuple, TypeVar, cast

from . import fields
from .fields import Wrong
from .losses import Lost, RunKey, name_or, records_item
from .quality import Quality
from .telling import UsageError, log

if TYPE_CHECKING:
    from .reporter import Fields, Reporter

F = TypeVar("F", bound=Callable[..., None])

_SHOWN = 200
_VALUE = re.compile(r"^((?:.*: )?values\[\d+\]: |).* given; ", re.DOTALL)


class Refusals:
    """Reported with the end of the run (`lost`) where this process reports that; else, in a task that is only a part of a run,
    sent as given, so that the agent refuses it where a gate sees it.
    """

    def __init__(self, reporter: "Reporter", common: "Fields", prefix: str, try_number: Optional[int]) -> None:
        self._reporter = reporter
        self._of = RunKey(str(common["pipeline_name"]), str(common["run_id"]))
        self._prefix = prefix
        self._try: Dict[str, Any] = {} if try_number is None else {"try": try_number}

    @property
    def pipeline_name(self) -> str:
        return self._of.pipeline_name

    def add(self, kind: str, item: str, problem: str, why: str, given: Mapping[str, Any]) -> None:
        """problem: for people. why: the same without a value of the data. given: the report's fields."""
        losses = self._reporter.way.losses
        if losses.is_open(self._of):
            losses.note(self._of, Lost(kind, item, why), given)
            self._reporter.tell(f"{problem}; the report is not sent, the end of the run says so")
        else:
            self.send(kind, given)
            self._reporter.say(f"{problem}; it is sent as it is, for the agent to refuse")

    def not_computed(self, check: "Fields", problem: str) -> None:
        """Reports the check as not computed: left out, it would look as if it did not exist, and a gate could pass."""
        self._reporter.report("quality", self._prefix, {**check, **self._try})
        self._reporter.say(f"{problem}; it is reported as not computed")

    def replaced(self, kind: str, item: str) -> None:
        """A good report of the item was made."""
        self._reporter.way.losses.replaced(self._of, kind, item)

    def send_all(self) -> None:
        """Sends all refusals as given: another process reports the end of the run, and does not know them."""
        for kind, given in self._reporter.way.losses.take_refused(self._of):
            self.send(kind, given)

    def send(self, kind: str, given: Mapping[str, Any]) -> None:
        body = dict(given) if kind == "drift" else as_given(given)
        self._reporter.report(kind, self._prefix, {**self._try, **body})


def as_given(given: Mapping[str, Any]) -> Dict[str, Any]:
    """Wrong fields as JSON; a value that JSON cannot hold becomes its text."""
    return {name: _plain(value) for name, value in given.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return value[:_SHOWN].encode("utf-8", "replace").decode("utf-8")
    return fields.shown(value)


def makes_evidence(kind: str, arguments: "Tuple[str, ...]") -> Callable[[F], F]:
    """For a report call of an Evidence: wrong use is logged and reaches a gate, any other error is logged, and the pipeline
    goes on. Only a strict client raises, and only UsageError. arguments: of the call, by position.
    """

    def decorate(method: F) -> F:
        called = method.__name__

        @wraps(method)
        def guarded(self: Any, *args: Any, **kwargs: Any) -> None:
            try:
                method(self, *args, **kwargs)
                return
            except UsageError:
                raise
            except Wrong as wrong:
                why = str(wrong)
            except TypeError as wrong:
                # Missing or unknown arguments.
                why = str(wrong).partition(".")[2] or str(wrong)
            except Exception as error:
                log.exception("%s failed inside the client", called)
                why = f"it cannot be read: {type(error).__name__}"
            try:
                _refuse(self._refusals, kind, f"{called}: {why}", why, {**dict(zip(arguments, args)), **kwargs})
            except UsageError:
                raise
            except Exception:
                log.exception("%s failed inside the client; the report is lost", called)

        return cast(F, guarded)

    return decorate


def _refuse(refusals: Refusals, kind: str, problem: str, why: str, given: Dict[str, Any]) -> None:
    if "try_" in given:
        given["try"] = given.pop("try_")
    if kind == "records":
        refusals.add(kind, records_item(given.get("stage"), given.get("part")), problem, why, given)
    elif kind == "schema":
        columns = f"a {type(given.get('columns')).__name__}"
        named = given.get("dataset")
        item = name_or(refusals.pipeline_name if named is None else named)
        refusals.add(kind, item, problem, why, {**given, "columns": columns})
    elif kind == "drift":
        refusals.add(kind, "?", problem, why, {"features": {}})
    else:
        _refuse_check(refusals, problem, why, given)


def _refuse_check(refusals: Refusals, problem: str, why: str, given: Dict[str, Any]) -> None:
    named = given.get("check_name")
    if isinstance(named, Quality):
        given = {**given, "check_name": named.check_name, "threshold": named.threshold, "severity": named.severity}
    name = name_or(given.get("check_name"))
    if name == "?" or not _is(fields.name, "check_name", name):
        refusals.add("quality", "?", problem, why, {"score": None, **given})
        return
    check: Dict[str, Any] = {"check_name": name, "score": None, "error": f"not computed: {why}"}
    for field, read in (("threshold", fields.threshold), ("severity", fields.severity)):
        value = given.get(field)
        if value is not None and _is(read, value):
            check[field] = read(value)
    refusals.not_computed(check, problem)


def _is(read: Callable[..., Any], *arguments: Any) -> bool:
    try:
        read(*arguments)
    except Exception:
        return False
    return True


def without_value(problem: str) -> str:
    """The text without the value: values do not leave the process, wrong ones neither."""
    return _VALUE.sub(r"\1a value given; ", problem, count=1)
