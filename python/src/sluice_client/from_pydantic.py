"""Pydantic's errors as a quality check."""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterable, Optional, Sequence, Set

from . import fields
from .quality import Quality

_SHOWN = 5


def from_pydantic(
    errors: Iterable[Any],
    total: int,
    *,
    check_name: str = "schema_compliance",
    threshold: Optional[float] = None,
    severity: Optional[str] = None,
) -> Quality:
    """The share of records that are valid, for run.quality.

    errors: a ValidationError for each invalid record, gathered while validating, or that of a whole list of records
    (TypeAdapter). total: how many records were validated, the invalid included. Report it for every batch, also one without
    errors.
    """
    gathered = list(errors)
    try:
        records = fields.count("total", total)
    except fields.Wrong as wrong:
        return Quality(check_name, None, threshold, severity, str(wrong))
    return share_valid(_invalid(gathered), records, _summary(gathered), check_name, threshold, severity)


def _invalid(errors: Sequence[Any]) -> int:
    """Number of invalid records: one for each error; the error of a list counts the records that it names."""
    return sum(len(_records_named(error)) or 1 for error in errors)


def _records_named(error: Any) -> Set[Any]:
    if not str(getattr(error, "title", "")).lower().startswith(("list[", "tuple[", "sequence[")):
        return set()
    return {detail["loc"][0] for detail in error.errors() if detail["loc"]}


def share_valid(
    invalid: int, total: int, summary: str, check_name: str, threshold: Optional[float], severity: Optional[str]
) -> Quality:
    if total <= 0:
        return Quality(check_name, None, threshold, severity, "there were no records to validate")
    if invalid > total:
        return Quality(check_name, None, threshold, severity, f"{invalid} of {total} records invalid: total is wrong")
    error = f"{invalid} of {total} records invalid{summary}" if invalid else None
    return Quality(check_name, (total - invalid) / total, threshold, severity, error)


def most_common(causes: "Counter[str]") -> str:
    said = [f"{cause} {count}" for cause, count in causes.most_common(_SHOWN)]
    if len(causes) > _SHOWN:
        said.append("…")
    return f": {', '.join(said)}" if said else ""


def _summary(errors: Sequence[Any]) -> str:
    """Which fields and why, never the values."""
    causes: "Counter[str]" = Counter()
    for error in errors:
        try:
            # v2; v1's errors() takes no arguments.
            details = error.errors(include_url=False, include_context=False, include_input=False)
        except TypeError:
            details = error.errors()
        except AttributeError:
            continue
        for detail in details:
            place = ".".join("[]" if isinstance(part, int) else str(part) for part in detail["loc"]) or "record"
            causes[f"{place} ({detail['type']})"] += 1
    return most_common(causes)
