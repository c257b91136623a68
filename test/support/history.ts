import { NOON, type Sent } from "./acceptor.ts";

/** Seeded, so that a failure can be looked at again. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/**
 * Weeks of a few dozen pipelines in the order in which they happened, with all that makes it hard: retried attempts, runs
 * that are cleared and run again, with numbers and without, in whole and in part, tries, late starts, a success contradicted
 * by a failure, parts, backfills, checks that come and go.
 */
export function history(reports: number, seed: number): Sent[] {
  const random = randomOf(seed);
  const some = (n: number) => Math.floor(random() * n);
  const sent: Sent[] = [];
  let now = NOON / 1000 - 50 * 86_400;
  const tick = () => {
    now += 1 + some(300);
    return now;
  };
  let day = 0;
  while (sent.length < reports) {
    day++;
    for (let p = 0; p < 40 && sent.length < reports; p++) {
      const backfill = random() < 0.1 && day > 5;
      const name = `pipeline ${p}`;
      const run_id = backfill ? `backfill-${day}` : `run-${day}`;
      const end = NOON / 1000 - (400 - (backfill ? day - 5 : day)) * 86_400;
      const interval = p % 2 === 0 ? { data_interval_start: end - 86_400, data_interval_end: end } : {};
      // Some say numbers, some do not and are cut by their times, and some say a number in their evidence alone.
      const numbers = (["everywhere", "nowhere", "in evidence"] as const)[p % 3]!;
      const common = (attempt: number, numbered = numbers === "everywhere") => {
        return { id: `${sent.length}`, pipeline_name: name, run_id, ...(numbered ? { attempt } : {}) };
      };
      const attempts = 1 + some(3);
      const cleared = random() < 0.1;
      for (let attempt = 1; attempt <= attempts + (cleared ? 1 : 0); attempt++) {
        const started = random() < 0.85;
        const resumes = attempt > 1 && random() < 0.3 ? { resumes: true } : {};
        if (started) {
          sent.push({ kind: "run", ...common(attempt), status: "started", at: tick(), ...interval, ...resumes });
        }
        evidence(attempt);
        const last = attempt >= attempts;
        const failed = !last || random() < 0.2;
        const status = failed
          ? "failed"
          : (["success", "success", "success", "skipped", "cancelled"][some(5)] as string);
        // What is observed of an attempt that is cut late is what was known of it before, unless all of its ends say it.
        const stated = numbers === "everywhere" ? random() < 0.5 : true;
        const duration = stated ? { duration_seconds: some(5000) } : {};
        const ended = tick();
        const retry = last ? {} : { will_retry: true };
        const error = failed ? { error: `error ${some(5)}` } : {};
        sent.push({ kind: "run", ...common(attempt), status, at: ended, ...retry, ...duration, ...error, ...interval });
        if (last && random() < 0.1) {
          const other = failed ? "success" : "failed";
          sent.push({ kind: "run", ...common(attempt), status: other, at: ended, ...duration });
        }
      }

      function said(attempt: number) {
        const tried = random() < 0.2 ? { try: 1 + some(3) } : {};
        return { ...common(attempt, numbers !== "nowhere"), ...tried };
      }

      function evidence(attempt: number): void {
        for (let i = some(4); i > 0; i--) {
          const part = random() < 0.3 ? { part: `part ${some(3)}` } : {};
          const failed = random() < 0.3 ? { failed: some(10) } : {};
          const stage = ["extract", "transform", "load"][some(3)]!;
          sent.push({
            kind: "records",
            ...said(attempt),
            stage,
            count: some(10_000),
            at: tick(),
            ...part,
            ...failed,
            ...(random() < 0.2 ? { expected_min: some(5000), expected_min_of: random() < 0.5 ? "part" : "stage" } : {}),
          });
        }
        for (let i = some(3); i > 0; i--) {
          const check = { check_name: `check ${some(4)}`, threshold: 0.5 };
          const score = random() < 0.1 ? { score: null, error: "not computed" } : { score: some(1000) / 1000 };
          sent.push({ kind: "quality", ...said(attempt), ...check, ...score, at: tick() });
        }
        if (random() < 0.5) {
          const columns = ["id", "amount", ...(random() < 0.5 ? ["note"] : ["NOTE"])].map((name) => {
            return { name, type: random() < 0.7 ? "int64" : "text" };
          });
          const dataset = random() < 0.3 ? { dataset: "raw" } : {};
          const complete = random() < 0.7 ? { complete: true } : {};
          sent.push({ kind: "schema", ...said(attempt), ...dataset, ...complete, columns, at: tick() });
        }
        if (random() < 0.5) {
          const seconds = Array.from({ length: 1 + some(5) }, () => some(7_000_000) / 1e6);
          const operation = random() < 0.5 ? {} : { operation: "lookup" };
          sent.push({ kind: "latency", ...common(attempt), ...operation, seconds, at: tick() });
        }
        if (random() < 0.3)
          sent.push({ kind: "freshness", ...common(attempt), data_through: now - some(100_000), at: tick() });
      }
    }
  }
  return sent.slice(0, reports);
}
