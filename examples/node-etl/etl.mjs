// A day of orders: read a CSV file, bring it to euros, write it as NDJSON; then ask whether others may use it.
// node etl.mjs [orders.csv [out.ndjson]]
import { readFile, rename, writeFile } from "node:fs/promises";
import { createClient, GateBlocked, referenceFrom } from "@sluice/client";

const [source = new URL("orders.csv", import.meta.url), target = "orders.ndjson"] = process.argv.slice(2);
const EUROS = { EUR: 1, CHF: 1.06, GBP: 1.14 };
const DAY = { data_interval_start: "2026-11-20T00:00:00Z", data_interval_end: "2026-11-21T00:00:00Z" };

const sluice = createClient();
const orders = sluice.pipeline("shop_orders");

async function extract() {
  const [head = "", ...lines] = (await readFile(source, "utf8")).trimEnd().split("\n");
  const columns = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [columns[i], cell])));
}

function transform(rows) {
  return rows.flatMap(({ order_id, ordered_at, country, currency, amount, customer_id }) => {
    const euros = Number(amount) * EUROS[currency];
    if (!(euros > 0)) return [];
    return [{ order_id, ordered_at, country, euros: Math.round(euros * 100) / 100, customer_id: customer_id || null }];
  });
}

/** Whole or not at all: whoever reads the target never sees half a day. */
async function load(rows) {
  await writeFile(`${target}.part`, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await rename(`${target}.part`, target);
}

async function etl(run) {
  const extracted = await run.timed("extract", extract);
  run.records("extract", extracted.length);

  const rows = transform(extracted);
  run.records("transform", rows.length, { failed: extracted.length - rows.length });
  const share = (n) => (rows.length === 0 ? null : n / rows.length);
  const nothing = rows.length === 0 ? { error: "there are no rows" } : {};
  const withCustomer = rows.filter((row) => row.customer_id !== null).length;
  run.quality("customer_known", share(withCustomer), { threshold: 0.95, ...nothing });
  run.quality("order_unique", share(new Set(rows.map((row) => row.order_id)).size), { threshold: 1, ...nothing });
  run.drift({ euros: rows.map((row) => row.euros), country: rows.map((row) => row.country) });

  await run.timed("load", () => load(rows));
  run.records("load", rows.length, { expected_min: 300 });
  const last = rows
    .map((row) => row.ordered_at)
    .sort()
    .at(-1);
  if (last !== undefined) run.freshness(last);
  return { rows, run_id: run.run_id };
}

const { rows, run_id } = await orders.run(etl, DAY);
console.log(`${rows.length} orders loaded into ${target}`);

if (process.env.AS_REFERENCE === "yes") {
  await orders.setReference("euros", referenceFrom(rows.map((row) => row.euros)), { note: "2026-11-20" });
  await orders.setReference("country", referenceFrom(rows.map((row) => row.country)), { note: "2026-11-20" });
}

try {
  await sluice.gate("shop_orders", { onUnreachable: "block" }).check({ run_id });
  console.log("the next step may start");
} catch (error) {
  if (!(error instanceof GateBlocked)) throw error;
  console.error(error.message);
  process.exitCode = 20;
}
