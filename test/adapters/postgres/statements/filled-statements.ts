import { noticesPage } from "../../../../src/adapters/postgres/notices/list.ts";
import { transitionsPage } from "../../../../src/adapters/postgres/read/gates.ts";
import { qualityPage } from "../../../../src/adapters/postgres/read/quality.ts";
import { runsPage } from "../../../../src/adapters/postgres/read/runs.ts";
import { resultsWithin, slaSums } from "../../../../src/adapters/postgres/read/sla.ts";
import type { Statement } from "../../../../src/adapters/postgres/statement/statement.ts";
import type { SlaKind } from "../../../../src/domain/sla/sla.ts";

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 20, 12);

/** Each way of giving a filter: with and without each of its conditions. */
function formsOf<F extends object>(full: F, optional: readonly (keyof F)[]): F[] {
  return optional.reduce<F[]>((forms, key) => forms.flatMap((form) => [form, { ...form, [key]: null }]), [full]);
}

/** Whose rows a list is about: all, few, more than are looked up one by one. */
const WHOSE = [null, [1, 2], Array.from({ length: 200 }, (_, i) => i + 1)];

const page = { pipeline_name: "p", allowed: ["^p"], limit: 10 };
const since = NOON - HOUR;
const until = NOON;

const RUNS = formsOf({ ...page, status: "success", since, after: { run_order: NOON, run_key: 1 } }, [
  "status",
  "since",
  "after",
]);
const QUALITY = formsOf({ ...page, check_name: "c", since, until, after: { checked_at: NOON, result_id: 1 } }, [
  "check_name",
  "since",
  "until",
  "after",
]);
const TRANSITIONS = formsOf({ pipeline_name: "p", since, until, after: { at: NOON, revision: 1 }, limit: 10 }, [
  "since",
  "until",
  "after",
]);
const NOTICES = formsOf({ ...page, state: "sent" as const, after: 5 }, ["pipeline_name", "allowed", "state", "after"]);

const KINDS: SlaKind[] = ["quality", "run", "drift", "freshness", "volume", "latency"];
/** Whole months, days and hours with broken ends, days, hours alone, and rows alone. */
const SPANS = [
  { from: NOON - 1000.5 * HOUR, to: NOON + 0.5 * HOUR },
  { from: NOON - 72.5 * HOUR, to: NOON + 0.5 * HOUR },
  { from: NOON - 3 * HOUR, to: NOON },
  { from: NOON + 0.1 * HOUR, to: NOON + 0.2 * HOUR },
];
const SUMS = KINDS.flatMap((kind) =>
  SPANS.flatMap((span) =>
    formsOf({ ...span, kind, pipeline_names: ["p"], subject: "s", by_subject: true, by_day: true }, [
      "pipeline_names",
      "subject",
    ]).flatMap((query) => [query, { ...query, by_subject: false }, { ...query, by_day: false }]),
  ),
);

/** The statements that are made for a filter, in all their forms. */
export function filledStatements(): Statement[] {
  const forms: { statement: Statement }[] = [
    ...RUNS.flatMap((filter) => WHOSE.map((pipelines) => runsPage(filter, pipelines))),
    ...QUALITY.flatMap((filter) => WHOSE.map((pipelines) => qualityPage(filter, pipelines))),
    ...TRANSITIONS.map(transitionsPage),
    ...NOTICES.map(noticesPage),
    ...SUMS.map(slaSums),
    resultsWithin(SPANS),
  ];
  return forms.map(({ statement }) => statement);
}
