// npm run demo: two months of a pipeline over real data, some of its days broken, with Sluice beside it. See docs/demo.md.
import { join } from "node:path";
import { withLock } from "../../scripts/lib/lock.mjs";
import { findOrStartAgent } from "./agent.mjs";
import { asker } from "./ask.mjs";
import { openDatabase } from "./database.mjs";
import { planDays } from "./days.mjs";
import { FEATURES } from "./features.mjs";
import { HELP, readOptions } from "./options.mjs";
import { fetchPackages } from "./packages.mjs";
import { PIPELINE, runDay } from "./pipeline.mjs";
import { haveReferences, putReferences, referenceDays } from "./references.mjs";
import { addresses } from "./show/addresses.mjs";
import { colours } from "./show/colours.mjs";
import { dayTable } from "./show/day-table.mjs";
import { driftTable } from "./show/drift-table.mjs";
import { progress } from "./show/progress.mjs";
import { slaTable } from "./show/sla-table.mjs";
import { openFlights } from "./source.mjs";
import { publish } from "./steps/publish.mjs";
import { troubleOf } from "./troubles.mjs";
import { deliver } from "./upstream.mjs";

const say = (text = "") => process.stdout.write(`${text}\n`);

async function main(options) {
  const packages = await fetchPackages(join(options.dir, "packages"), { say });
  const agent = await findOrStartAgent({ ...options, say });
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => interrupted.abort());
  try {
    await withLock(join(options.dir, "demo.lock"), () => relive(options, packages, agent, interrupted.signal), {
      onWait: () => say("waiting for another demo to be through …"),
    });
    if (interrupted.signal.aborted) return 130;
    await show(options, agent);
    if (agent.started && !options.once) await Promise.race([aborted(interrupted.signal), agent.ended]);
    return 0;
  } finally {
    await agent.stop();
  }
}

async function relive(options, packages, agent, signal) {
  const ask = asker(agent);
  const database = await openDatabase(join(options.dir, "flights.sqlite"), packages);
  try {
    const { window } = options;
    const known = await ask(`/v1/runs?pipeline_name=${PIPELINE}&status=success&limit=1000`);
    const reported = new Set(known.items.map(({ run_id }) => run_id));
    const wanted = (await haveReferences(ask)) ? [] : referenceDays(window, (day) => troubleOf(day) === undefined);
    const plan = planDays({
      window,
      referenceDays: wanted,
      isReported: (day) => reported.has(day),
      isLoaded: (day) => database.rowsOf(day) !== null,
    });
    if (plan.length === 0) return say(`all ${window.length} days are reported already: nothing to do`);
    const already = window.filter((day) => reported.has(day)).length;
    if (already > 0) say(`${already} of ${window.length} days are reported already and are left alone`);
    const flightsOf = await openFlights(packages);
    const bar = progress(plan.length, process.stdout);
    let referenced = wanted.length === 0;
    for (const { day, report } of plan) {
      if (signal.aborted) break;
      if (report && !referenced) {
        await putReferences(agent, database, wanted);
        referenced = true;
      }
      bar.at(day, report ? (troubleOf(day)?.name ?? "") : "loaded to compare with, not reported");
      const file = await deliver(day, { inbox: join(options.dir, "inbox"), flightsOf });
      await runDay({ day, file, database, agent: report ? agent : null, beforeAttempt: disturbance(day, database) });
      if (report) await publish({ day, database, ask, pipeline_name: PIPELINE });
    }
    bar.end();
  } finally {
    database.close();
  }
}

/** On the day with that trouble somebody else holds the database during the first attempt. */
function disturbance(day, database) {
  const attempts = troubleOf(day)?.locked_attempts ?? 0;
  return (attempt) => (attempt <= attempts ? database.holdByAnother() : undefined);
}

async function show(options, agent) {
  const ask = asker(agent);
  const paint = colours(process.stdout, process.env);
  const runs = await Promise.all(options.window.map((day) => ask(`/v1/runs/${PIPELINE}/${day}`)));
  const gates = await Promise.all(options.window.map((day) => ask(`/v1/gates/${PIPELINE}?run_id=${day}`)));
  const histories = await driftHistories(ask, options.window);
  say(`\n${dayTable(runs, { paint, gates, all: options.all, troubleOf, histories })}`);
  say(`\n${driftTable(histories, { paint })}`);
  const [quality, run] = await Promise.all(
    ["quality", "run"].map((kind) => ask(`/v1/sla/${PIPELINE}?days=30&kind=${kind}`)),
  );
  say(`\n${slaTable(quality, run, { paint })}`);
  if (!agent.started || !options.once) say(`\n${addresses(agent, { paint })}`);
}

/** For each feature the newest verdict on each day of the window. */
async function driftHistories(ask, window) {
  const days = new Set(window);
  const histories = await Promise.all(
    Object.keys(FEATURES).map(async (feature) => {
      const { items } = (await ask(`/v1/drift/${PIPELINE}/${feature}?limit=1000`)) ?? { items: [] };
      const newest = new Map(items.toReversed().map((verdict) => [verdict.run_id, verdict]));
      return [feature, [...newest.values()].filter(({ run_id }) => days.has(run_id))];
    }),
  );
  return Object.fromEntries(histories);
}

function aborted(signal) {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", resolve)));
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) say(HELP);
  else process.exitCode = await main(options);
} catch (error) {
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
