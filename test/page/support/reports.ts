const HOUR = 3600_000;
const DAY = 24 * HOUR;

/** Names as nobody should give them. */
export const HOSTILE = {
  markup: `<img src=x onerror="alert(1)"><script>alert(2)</script>`,
  right_to_left: "تقرير المبيعات اليومي",
  long: "x".repeat(200),
  emoji: "📦 parcels/🚚 & more?#%2F",
};

/** Whose pipelines are whose, and who waits for whom. */
export const CONFIG = {
  teams: [
    { team: "commerce", pipelines: ["orders_daily"] },
    { team: "ml", pipelines: ["features", "model"] },
  ],
  gate: {
    policies: [
      { pipeline_name: "features", depends_on: ["orders_daily", "customers"] },
      { pipeline_name: "model", depends_on: ["features"] },
      { pipeline_name: "invoices", requires: { checks: ["total_matches"] } },
    ],
  },
};

type Body = Record<string, unknown>;

/** A run that ended `ago` milliseconds before now with what was reported in it. */
export function run(
  pipeline_name: string,
  run_id: string,
  ago: number,
  evidence: Body[] = [],
  ended: Body = {},
): Body[] {
  const at = new Date(Date.now() - ago).toISOString();
  const common = { pipeline_name, run_id, at };
  return [
    ...evidence.map((body) => ({ ...common, ...body })),
    { kind: "run", ...common, status: "success", duration_seconds: 190, finished_at: at, ...ended },
  ];
}

export const check = (check_name: string, score: number, threshold = 0.95): Body => ({
  kind: "quality",
  check_name,
  score,
  threshold,
});

export const records = (stage: string, count: number, more: Body = {}): Body => ({
  kind: "records",
  stage,
  count,
  ...more,
});

const REFERENCE = [100, 200, 300, 250, 150];

const drift = (age: number[], amount: number[]): Body => ({
  kind: "drift",
  features: {
    age: { counts: age, reference: { counts: REFERENCE } },
    amount: { counts: amount, reference: { counts: [50, 150, 300, 350, 150] } },
  },
});

/** Three weeks of a shop: each gate state once, drift of each verdict, a run that failed, names that are hostile. */
export function history(): Body[] {
  const reports: Body[] = [];
  for (let day = 20; day >= 0; day--) {
    const bad = day === 0 || day === 9;
    const run_id = new Date(Date.now() - day * DAY).toISOString().slice(0, 10);
    const evidence = [
      check("null_rate", bad ? 0.91 : 0.999),
      check("schema_compliance", 0.998, 0.99),
      records("extract", 50_000),
      records("transform", 48_000),
      records("load", bad ? 4_120 : 47_500, { expected_min: 10_000 }),
      drift(day === 0 ? [400, 200, 150, 150, 100] : REFERENCE, day === 0 ? [1, 3, 6, 7, 3] : [50, 150, 300, 350, 150]),
      { kind: "freshness", data_through: new Date(Date.now() - day * DAY - 2 * HOUR).toISOString() },
    ];
    const ended = day === 5 ? { status: "failed", error: "connection refused" } : {};
    reports.push(...run("orders_daily", run_id, day * DAY + HOUR, evidence, ended));
  }
  reports.push(...run("customers", "c1", 2 * HOUR, [check("unique", 1), records("load", 900)]));
  reports.push(...run("features", "f1", HOUR, [check("complete", 1)]));
  reports.push(...run("model", "m1", HOUR, [check("auc", 1)]));
  reports.push(...run("weather", "w1", HOUR));
  reports.push(...run("invoices", "i1", HOUR, [check("complete", 1)]));
  reports.push(...run("parcels", "p1", HOUR, [{ ...check("late", 0.5), severity: "warn" }, check("complete", 1)]));
  for (const name of Object.values(HOSTILE)) {
    const run_id = "r-<b>1</b>";
    reports.push(...run(name, run_id, HOUR, [check(name, 0.1), records(name, 3)], { error: name, status: "failed" }));
  }
  return reports;
}
