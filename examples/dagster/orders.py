"""A Dagster asset whose materialization reports a run, and an asset check that is Sluice's gate.

The check is blocking: assets downstream of `orders` are not materialized from data that the gate holds back.
"""

import dagster as dg

PIPELINE = "orders_daily"


def make_orders() -> "list[dict[str, float]]":
    return [{"amount": 10.0 + n % 90} for n in range(12_000)]


class Source(dg.ConfigurableResource):
    """Where orders come from; `keep` below 1 loses some of them."""

    keep: float = 1.0

    def read(self) -> "list[dict[str, float]]":
        orders = make_orders()
        return orders[: int(len(orders) * self.keep)]


@dg.asset
def orders(context: dg.AssetExecutionContext, source: Source) -> "list[dict[str, float]]":
    from sluice_client import pipeline

    # Each retry of the step is another attempt of the same run.
    with pipeline(PIPELINE).run(context.run_id, attempt=context.retry_number + 1) as run:
        rows = source.read()
        run.records("load", len(rows), expected_min=10_000)
        positive = sum(row["amount"] > 0 for row in rows) / len(rows) if rows else None
        run.quality("amount_positive", positive, threshold=0.99, error=None if rows else "there are no orders")
        run.drift({"amount": [row["amount"] for row in rows]})
    return rows


@dg.asset_check(asset=orders, blocking=True)
def sluice_gate(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    from sluice_client import gate

    decision = gate(PIPELINE, on_unreachable="block").decision(run_id=context.run.run_id)
    return dg.AssetCheckResult(
        passed=decision.allowed,
        severity=dg.AssetCheckSeverity.WARN if decision.decision == "warn" else dg.AssetCheckSeverity.ERROR,
        description=str(decision),
        metadata={"decision": decision.decision, "reasons": [dict(reason) for reason in decision.reasons]},
    )


@dg.asset(deps=[orders])
def revenue() -> None:
    """Downstream work."""


defs = dg.Definitions(assets=[orders, revenue], asset_checks=[sluice_gate], resources={"source": Source()})
