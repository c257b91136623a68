import { table } from "./table.mjs";

const COLUMNS = [
  { title: "SLA, last 30 days" },
  { title: "total", right: true },
  { title: "passed", right: true },
  { title: "rate", right: true },
  { title: "state" },
];

/** Answers of `GET /v1/sla/{pipeline_name}`, of kind quality and of kind run. */
export function slaTable(quality, run, { paint }) {
  const rows = [
    ...quality.checks.map((check) => row(check.check_name, check, paint)),
    row("all checks", quality, paint),
    ...(run.total > 0 ? [row("runs", run, paint)] : []),
  ];
  return `${table(COLUMNS, rows, { paint })}\n${paint.dim(`target ${quality.target} %`)}`;
}

function row(name, { total, passed, rate, state }, paint) {
  const colour = state === "ok" ? paint.green : state === "breaching" ? paint.red : paint.dim;
  const text = rate === null ? "–" : `${rate.toFixed(2)} %`;
  return [name, total, passed, { text, paint: colour }, { text: state, paint: colour }];
}
