"""The features of a drift report."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional

from ..fields import Wrong, count, name, shown
from .build import Body, current_histogram, reference_histogram
from .columns import KINDS, Unfit
from .frames import columns_of, kinds_of, named_twice
from .made import SUMMARY, made_histogram

References = Optional[Mapping[str, Any]]
_FORMS = {"counts", "edges", "values", "categories", "nulls", "reference", "kind", "folded", *SUMMARY}


def feature_histograms(
    features: Any, fetch_references: Callable[[], References], refuse: Callable[[Any, str, str], None], kinds: Any = None
) -> Dict[str, Body]:
    """The histograms of the features that can be sent; calls `refuse` for the others with the name, the problem for people, and
    the problem without the name. References are fetched when values need them.
    """
    fetched: Dict[str, References] = {}

    def reference_of(feature_name: str) -> Optional[Mapping[str, Any]]:
        if "all" not in fetched:
            fetched["all"] = fetch_references()
        return (fetched["all"] or {}).get(feature_name)

    said = kinds_of(kinds, KINDS)
    columns = columns_of(features)
    bodies: Dict[str, Body] = {}
    ambiguous = named_twice(columns)
    for twice, how_many in ambiguous.items():
        why = f"{how_many} columns of this name given; must be one"
        refuse(twice, f"{shown(twice)}: {why}", why)
    for feature_name, given in columns:
        if isinstance(feature_name, str) and feature_name in ambiguous:
            continue
        try:
            named = name("feature_name", feature_name)
            bodies[named] = _body(given, said.get(named), lambda: reference_of(named))
        except Unfit as problem:
            refuse(feature_name, f"{shown(feature_name)}: {problem}", str(problem))
        except Wrong as problem:
            of = "" if str(problem).startswith("feature_name") else f"{shown(feature_name)}: "
            refuse(feature_name, f"{of}{problem}", str(problem))
        except Exception as error:  # columns may be anything
            why = f"it cannot be read: {type(error).__name__}"
            refuse(feature_name, f"{shown(feature_name)}: {why}", why)
    return bodies


def _body(given: Any, kind: Optional[str], reference: Callable[[], Optional[Mapping[str, Any]]]) -> Body:
    if not isinstance(given, Mapping):
        return current_histogram(given, reference(), kind)
    unknown = set(given) - _FORMS
    if unknown:
        raise Unfit(f"{', '.join(sorted(map(str, unknown)))} given; a histogram has {', '.join(sorted(_FORMS))}")
    kind = _kind(given, kind)
    inline = given.get("reference")
    own = {} if inline is None else {"reference": _inline(inline)}
    if "values" not in given:
        return {**made_histogram(given), **own}
    body = current_histogram(given["values"], _bins_of(own["reference"]) if own else reference(), kind)
    body["nulls"] += count("nulls", given["nulls"]) if given.get("nulls") is not None else 0
    return {**body, **own}


def _kind(given: Mapping[str, Any], said: Optional[str]) -> Optional[str]:
    kind = given.get("kind") if said is None else said
    if kind is not None and kind not in KINDS:
        raise Unfit(f"kind: {shown(kind)} given; must be one of {', '.join(KINDS)}")
    if kind == "categorical" and ("counts" in given or "edges" in given):
        raise Unfit("kind: categorical given with counts of bins; must come with categories or values")
    if kind in ("numeric", "days") and "categories" in given:
        raise Unfit(f"kind: {kind} given with categories; must come with edges and counts, or values")
    return kind


def _inline(reference: Any) -> Body:
    """Of values a histogram is made here too, so that they do not leave the process."""
    if not isinstance(reference, Mapping):
        raise Unfit(f"reference: a {type(reference).__name__} given; must be a dict")
    if "values" not in reference:
        return made_histogram(reference)
    bins, method = reference.get("bins", 10), reference.get("method", "quantile")
    return reference_histogram(reference["values"], bins, method, reference.get("kind"))


def _bins_of(inline: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    """Adds the kind, which an inline reference does not state."""
    if "edges" in inline:
        return {"kind": "numeric", **inline}
    if "categories" in inline:
        return {"kind": "categorical", **inline}
    return {"kind": "positional"} if "counts" in inline else None
