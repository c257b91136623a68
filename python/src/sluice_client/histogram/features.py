"""The features of a drift report."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional

from ..fields import Wrong, name, shown
from .build import Body, current_histogram
from .columns import Unfit

References = Optional[Mapping[str, Any]]
_FORMS = {"counts", "edges", "values", "categories", "nulls", "reference"}


def feature_histograms(
    features: Any, fetch_references: Callable[[], References], refuse: Callable[[Any, str, str], None]
) -> Dict[str, Body]:
    """The histograms of the features that can be sent; calls `refuse` for the others with the name, the problem for people, and
    the problem without the name. References are fetched when values need them.
    """
    fetched: Dict[str, References] = {}

    def reference_of(feature_name: str) -> Optional[Mapping[str, Any]]:
        if "all" not in fetched:
            fetched["all"] = fetch_references()
        return (fetched["all"] or {}).get(feature_name)

    bodies: Dict[str, Body] = {}
    for feature_name, given in _columns(features):
        try:
            bodies[name("feature_name", feature_name)] = _body(given, lambda: reference_of(feature_name))
        except Wrong as problem:
            refuse(feature_name, str(problem), str(problem))
        except Unfit as problem:
            refuse(feature_name, f"{shown(feature_name)}: {problem}", str(problem))
        except Exception as error:  # columns may be anything
            why = f"it cannot be read: {type(error).__name__}"
            refuse(feature_name, f"{shown(feature_name)}: {why}", why)
    return bodies


def _columns(features: Any) -> Any:
    """Pairs of a name and its column: of a mapping, or of a pandas or Polars frame."""
    if hasattr(features, "get_columns"):
        return [(column.name, column) for column in features.get_columns()]
    if hasattr(features, "items"):
        return list(features.items())
    raise Wrong(f"features: a {type(features).__name__} given; must be a dict of columns by feature name")


def _body(given: Any, reference: Callable[[], Optional[Mapping[str, Any]]]) -> Body:
    if not isinstance(given, Mapping):
        return current_histogram(given, reference())
    unknown = set(given) - _FORMS
    if unknown:
        raise Unfit(f"{', '.join(sorted(map(str, unknown)))} given; a histogram has {', '.join(sorted(_FORMS))}")
    if "values" not in given:
        # numpy.histogram gives arrays.
        return {key: value.tolist() if hasattr(value, "tolist") else value for key, value in given.items()}
    inline = given.get("reference")
    rest = {key: value for key, value in given.items() if key not in ("values", "nulls")}
    body = current_histogram(given["values"], _bins_of(inline) if isinstance(inline, Mapping) else reference())
    body["nulls"] += given.get("nulls", 0)
    return {**rest, **body}


def _bins_of(inline: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    """Adds the kind, which an inline reference does not state."""
    if "edges" in inline:
        return {"kind": "numeric", **inline}
    if "categories" in inline:
        return {"kind": "categorical", **inline}
    return {"kind": "positional"} if "counts" in inline else None
