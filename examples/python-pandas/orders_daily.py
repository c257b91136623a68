"""A pandas pipeline that reports to Sluice: extract, validate, transform, load, gate, publish.

    python orders_daily.py reference           once: what the features looked like in training
    python orders_daily.py run 2026-11-20      a day
    python orders_daily.py run 2026-11-21 --broken    a day that came in wrong: the gate blocks, exit code 1
"""

import argparse
import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field, ValidationError

from sluice_client import Quality, from_pydantic, gate, pipeline, reference_from

PIPELINE = "orders_daily"
FEATURES = ["amount", "age", "country"]


class Order(BaseModel):
    order_id: int
    amount: float = Field(ge=0)
    age: int = Field(ge=0, le=130)
    country: str = Field(min_length=2, max_length=2)


def extract(day: str, rows: int = 20_000, broken: bool = False) -> pd.DataFrame:
    """Stands for the day's export of the shop: the same day gives the same orders."""
    random = np.random.default_rng(int(day.replace("-", "")))
    if broken:
        rows //= 10
    orders = pd.DataFrame(
        {
            "order_id": np.arange(rows),
            "amount": random.lognormal(4.6 if broken else 3.5, 0.8, rows).round(2),
            "age": random.normal(41, 12, rows).clip(18, 95).astype(int),
            "country": random.choice(["de", "fr", "it", "pl"], rows, p=[0.4, 0.3, 0.2, 0.1]),
        }
    )
    wrong = random.random(rows) < (0.08 if broken else 0.002)
    orders.loc[wrong, "amount"] = -1
    return orders


def validate(orders: pd.DataFrame) -> "tuple[pd.DataFrame, Quality]":
    errors, valid = [], []
    for record in orders.to_dict("records"):
        try:
            Order.model_validate(record)
            valid.append(True)
        except ValidationError as error:
            errors.append(error)
            valid.append(False)
    return orders[valid], from_pydantic(errors, len(orders), threshold=0.99)


def load(orders: pd.DataFrame, warehouse: Path, day: str) -> int:
    with sqlite3.connect(warehouse) as connection:
        return orders.assign(day=day).to_sql(f"orders_{day.replace('-', '_')}", connection, if_exists="replace") or len(orders)


def run(day: str, warehouse: Path, broken: bool) -> None:
    start = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
    orders_daily = pipeline(PIPELINE)
    with orders_daily.run(day, data_interval_start=start, data_interval_end=start + timedelta(days=1)) as run:
        orders = extract(day, broken=broken)
        run.records("extract", len(orders))
        orders, schema_compliance = validate(orders)
        run.quality(schema_compliance)
        run.records("transform", len(orders))
        run.drift({feature: orders[feature] for feature in FEATURES})
        with run.timed("load"):
            loaded = load(orders, warehouse, day)
        run.records("load", loaded, expected_min=10_000)
        run.freshness(start + timedelta(days=1))

    # What comes after the gate happens with good data only.
    gate(PIPELINE, on_unreachable="block").require(run_id=day)
    print(f"{day}: {loaded} orders published")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["reference", "run"])
    parser.add_argument("day", nargs="?", default="2026-11-20")
    parser.add_argument("--broken", action="store_true")
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse.sqlite"))
    given = parser.parse_args()
    if given.command == "run":
        run(given.day, given.warehouse, given.broken)
        return
    training = pd.concat([extract(f"2026-10-{day:02}") for day in range(1, 8)])
    for feature in FEATURES:
        stored = pipeline(PIPELINE).set_reference(feature, reference_from(training[feature]), note="October, first week")
        print(f"{feature}: version {stored['version']}")


if __name__ == "__main__":
    main()
