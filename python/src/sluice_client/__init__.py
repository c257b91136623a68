"""Reports runs, record counts, quality, latency, freshness and drift of a pipeline to Sluice, and asks its gate.

    from sluice_client import gate, pipeline

    with pipeline("orders_daily").run() as run:
        run.records("load", 47500, expected_min=10000)
        run.quality("null_rate", 0.999, threshold=0.95)

    gate("orders_daily", on_unreachable="block").require()

SLUICE_URL and SLUICE_API_KEY say where to. A report takes microseconds, never waits for the agent and never raises.
"""

from .client import Client
from .default import default_client, flush, gate, pipeline
from .evidence import Evidence
from .from_pandera import from_pandera
from .from_pydantic import from_pydantic
from .gate import Gate
from .gate_decision import GateBlocked, GateDecision, GateError
from .monitored import monitored
from .pipeline import Pipeline, SluiceError
from .quality import Quality
from .reference_from import reference_from
from .run import Run, current_run
from .stats import Stats
from .telling import UsageError
from .version import VERSION as __version__

__all__ = [
    "Client",
    "Evidence",
    "Gate",
    "GateBlocked",
    "GateDecision",
    "GateError",
    "Pipeline",
    "Quality",
    "Run",
    "SluiceError",
    "Stats",
    "UsageError",
    "__version__",
    "current_run",
    "default_client",
    "flush",
    "from_pandera",
    "from_pydantic",
    "gate",
    "monitored",
    "pipeline",
    "reference_from",
]
