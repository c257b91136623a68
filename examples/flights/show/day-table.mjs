import { table } from "./table.mjs";

const COLUMNS = [
  { title: "day" },
  { title: "extracted", right: true },
  { title: "" },
  { title: "loaded", right: true },
  { title: "checks", right: true },
  { title: "Sluice says" },
  { title: "scheduler says" },
  { title: "gate" },
  { title: "what was done to the data" },
];

/** A stretch of uneventful days is told in one line when it is longer than this. */
const SHOWN_GOOD_DAYS = 1;

/**
 * `runs` are answers of `GET /v1/runs/{pipeline_name}/{run_id}`, oldest first; null where the agent knows none.
 * `gates`: what the gate says of each of the days. `histories`: for each feature the verdicts on its days.
 */
export function dayTable(runs, { paint, gates, all, troubleOf, histories }) {
  const rows = [];
  let good = [];
  const driftOf = byDay(histories);
  const known = new Map(gates.map((gate) => [gate.run_id, gate]));
  const gateOf = (day) => known.get(day);
  const flush = () => {
    if (all || good.length <= SHOWN_GOOD_DAYS)
      rows.push(...good.flatMap((run) => dayRows(run, { paint, driftOf, gateOf })));
    else rows.push(stretchRow(good, { paint, driftOf, gateOf }));
    good = [];
  };
  for (const run of runs.filter((run) => run !== null)) {
    const trouble = troubleOf(run.run_id)?.name;
    if (isUneventful(run) && trouble === undefined) good.push(run);
    else {
      flush();
      rows.push(...dayRows(run, { paint, driftOf, gateOf, trouble }));
    }
  }
  flush();
  return table(COLUMNS, rows, { paint });
}

const isUneventful = (run) => run.status === "success" && run.attempt === 1 && run.checks.every(({ passed }) => passed);

/** A function that gives the verdicts on a day that are worth a word: all but `stable`. */
function byDay(histories) {
  const days = new Map();
  for (const [feature_name, verdicts] of Object.entries(histories)) {
    for (const { run_id, verdict, psi } of verdicts) {
      if (verdict === "stable") continue;
      if (!days.has(run_id)) days.set(run_id, []);
      days.get(run_id).push({ feature_name, verdict, psi });
    }
  }
  return (day) => days.get(day) ?? [];
}

function stretchRow(runs, { paint, driftOf, gateOf }) {
  const sum = (stage) => runs.reduce((total, run) => total + countOf(run, stage), 0);
  const checks = runs.reduce((total, run) => total + run.checks.length, 0);
  const cells = [`${runs.length} good days`, number(sum("extract")), "→", number(sum("load")), `${checks}/${checks}`];
  return [
    ...cells.map((text) => ({ text, paint: paint.dim })),
    said(["all passed", ...driftedIn(runs, driftOf)].join(", "), paint.dim),
    said("success", paint.dim),
    said(gatesOf(runs, gateOf), paint.dim),
  ];
}

/** Each feature that drifted on some of the days, and on how many. */
function driftedIn(runs, driftOf) {
  const counts = new Map();
  for (const { feature_name, verdict } of runs.flatMap(({ run_id }) => driftOf(run_id))) {
    if (verdict === "drifted") counts.set(feature_name, (counts.get(feature_name) ?? 0) + 1);
  }
  return [...counts].map(([feature, days]) => `${feature} drifted on ${days} of them`);
}

/** A line for the day, and one for each further check that did not pass and feature that drifted. */
function dayRows(run, { paint, driftOf, gateOf, trouble = "" }) {
  const failing = run.checks.filter(({ passed }) => !passed).sort((a, b) => weight(a) - weight(b));
  const verdicts = [...failing.map((check) => verdict(check, paint)), ...driftCells(driftOf(run.run_id), paint)];
  const [first = said("all passed", paint.green), ...more] = verdicts;
  const passed = run.checks.length - failing.length;
  const counts = [number(countOf(run, "extract")), "→", number(countOf(run, "load")), `${passed}/${run.checks.length}`];
  return [
    [run.run_id, ...counts, first, status(run, paint), gateCell(gateOf(run.run_id), paint), trouble],
    ...more.map((cell) => ["", "", "", "", "", cell]),
  ];
}

/** `go on` for all, or how many may not. */
function gatesOf(runs, gateOf) {
  const stopped = runs.filter(({ run_id }) => gateOf(run_id)?.allowed === false).length;
  return stopped === 0 ? "go on" : `stop on ${stopped}`;
}

function gateCell(gate, paint) {
  if (gate === undefined) return said("", paint.dim);
  if (!gate.allowed) return said("stop", paint.red);
  return gate.decision === "warn" ? said("go on, warned", paint.yellow) : said("go on", paint.green);
}

/** Errors first, then warnings, then what could not be computed. */
function weight({ score, severity }) {
  return score === null ? 2 : severity === "warn" ? 1 : 0;
}

function verdict({ check_name, score, threshold, severity }, paint) {
  if (score === null) return said(`${check_name} not computable`, paint.yellow);
  return said(
    `${check_name} ${score.toFixed(2)} < ${threshold.toFixed(2)}`,
    severity === "warn" ? paint.yellow : paint.red,
  );
}

function driftCells(verdicts, paint) {
  const of = (word) => verdicts.filter(({ verdict }) => verdict === word);
  const told = (word, colour) =>
    of(word).map(({ feature_name, psi }) => said(`${feature_name} ${word}, PSI ${psi.toFixed(2)}`, colour));
  const without = of("no_data").length;
  return [
    ...told("drifted", paint.red),
    ...told("inconclusive", paint.yellow),
    ...(without > 0 ? [said(`no data in ${without} features`, paint.yellow)] : []),
  ];
}

function status(run, paint) {
  const text = run.attempt === 1 ? run.status : `${run.status}, attempt ${run.attempt}`;
  return said(text, run.status !== "success" ? paint.red : run.attempt > 1 ? paint.yellow : paint.green);
}

const said = (text, paint) => ({ text, paint });
const countOf = (run, stage) => run.stages.find((one) => one.stage === stage)?.count ?? 0;
const number = (n) => n.toLocaleString("en-US");
