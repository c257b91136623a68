// npm run test:interop [-- airflow dagster dbt prefect]: the Python recipes of examples/ with the real programs, each in an
// environment of its own under .cache/interop (fetched from PyPI once, 200 to 300 MB each), against a real agent.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startAirflow } from "./interop/airflow-scheduler.mjs";
import { isBuilt } from "./lib/build-stamp.mjs";
import { freePort } from "./lib/free-port.mjs";
import { root } from "./lib/root.mjs";

const EXAMPLES = join(root, "examples");
const say = (line) => process.stdout.write(`${line}\n`);

/** Each gets its Python, a directory and an environment with SLUICE_URL; it throws when something differs from its README. */
const RECIPES = {
  async airflow({ bin, directory, run, agent }) {
    const env = {
      AIRFLOW_HOME: join(directory, "home"),
      AIRFLOW__CORE__DAGS_FOLDER: join(EXAMPLES, "airflow/dags"),
      AIRFLOW__CORE__LOAD_EXAMPLES: "False",
    };
    const airflow = (...args) => run(bin("airflow"), args, { env });
    await succeeds(airflow("db", "migrate"));
    const imported = `import runpy, sys; runpy.run_path(${JSON.stringify(join(EXAMPLES, "airflow/dags/orders_daily.py"))}); print("sluice_client" in sys.modules)`;
    const parsed = await succeeds(run(bin("python"), ["-c", imported], { env }));
    expect(parsed.out.trim().endsWith("False"), "parsing the DAG imports the client", parsed);
    const good = await airflow("dags", "test", "orders_daily");
    expect(good.out.includes("published"), "good data is not published", good);
    expect((await agent.latestRun("orders_daily")).status === "success", "the run did not succeed", good);
    const bad = await airflow("dags", "test", "orders_daily", "--conf", '{"rows": 500}');
    expect(!/^published$/m.test(bad.out), "data that the gate blocks is published", bad);
    expect(bad.all.includes("records_below_minimum"), "the gate's reasons are not in the log", bad);
    const failed = await agent.latestRun("orders_daily");
    expect(failed.status === "failed", "the run is not reported as failed", bad);
    await clearedInAScheduler({ bin, directory, run, agent, env });
  },

  async dagster({ bin, directory, run, agent }) {
    const program = (keep) => `
import sys; sys.path.insert(0, ${JSON.stringify(join(EXAMPLES, "dagster"))})
import dagster, orders
done = dagster.materialize([orders.orders, orders.revenue, orders.sluice_gate],
    resources={"source": orders.Source(keep=${keep})}, raise_on_error=False)
print("made", sorted(event.asset_key.to_user_string() for event in done.get_asset_materialization_events()))`;
    const materialize = (keep) => run(bin("python"), ["-c", program(keep)], { env: { DAGSTER_HOME: directory } });
    const good = await succeeds(materialize(1.0));
    expect(good.out.includes("made ['orders', 'revenue']"), "good data does not reach revenue", good);
    const bad = await succeeds(materialize(0.1));
    expect(bad.out.includes("made ['orders']"), "data that the gate blocks reaches revenue", bad);
    expect((await agent.gate("orders_daily")).decision === "block", "the gate does not block", bad);
  },

  async dbt({ bin, directory, run, agent }) {
    const project = join(directory, "project");
    cpSync(join(EXAMPLES, "dbt/project"), project, { recursive: true });
    const env = { DBT: bin("dbt"), DBT_PROFILES_DIR: project, DBT_SEND_ANONYMOUS_USAGE_STATS: "false" };
    const dbt = (...args) =>
      run(bin("python"), [join(EXAMPLES, "dbt/dbt_with_sluice.py"), "shop", "build", ...args], { env, cwd: project });
    await succeeds(dbt("--gate"));
    const good = await agent.latestRun("shop");
    expect(good.status === "success" && good.checks.length === 3, "three checks of a good run are missing", good);
    const bad = await dbt("--vars", "{broken: 50}");
    expect(bad.code === 1, "dbt's exit code is not handed on", bad);
    const { checks } = await agent.latestRun("shop");
    const failed = checks.filter((check) => !check.passed).map((check) => check.check_name);
    expect(failed.join() === "not_null_orders_amount", `failed checks: ${failed}`, bad);
  },

  async prefect({ bin, directory, run, agent }) {
    const env = { PREFECT_HOME: directory, PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: "300" };
    const flow = (...args) => run(bin("python"), [join(EXAMPLES, "prefect/orders_flow.py"), ...args], { env });
    const good = await succeeds(flow());
    expect(good.out.includes("12000 orders published"), "good data is not published", good);
    expect((await agent.latestRun("orders_daily")).status === "success", "the run did not succeed", good);
    const bad = await flow("500");
    expect(bad.code !== 0 && !bad.out.includes("published"), "data that the gate blocks is published", bad);
    expect(bad.all.includes("records_below_minimum"), "the gate's reasons are not said", bad);
  },
};

/** A DAG run that its gate blocks, cleared, blocked again, cleared with good data: three attempts of one run. */
async function clearedInAScheduler({ bin, directory, run, agent, env }) {
  const NAME = "orders_daily";
  const port = await freePort();
  const airflow = (args, all) => run(bin("airflow"), args, { env: all });
  const airflowEnv = { ...env, SLUICE_URL: agent.url, SLUICE_SPOOL_DIR: join(directory, "spool") };
  const scheduler = await startAirflow({ bin, env: airflowEnv, cwd: directory, port, airflow });
  const stored = (id) => agent.run(NAME, id);
  const failures = () => agent.sample(`pipeline_runs_total{pipeline_name="${NAME}",status="failed"}`);
  try {
    const before = await failures();
    await scheduler.until(
      "the DAG was not read",
      async () => (await scheduler.run("dags", "unpause", NAME, "-y")).code === 0,
    );
    const day = ["--logical-date", "2026-11-03T02:00:00+00:00", "--run-id", "by_hand"];
    await succeeds(scheduler.run("dags", "trigger", NAME, "--conf", '{"rows": 500}', ...day));
    await scheduler.until("the run's failure", async () => (await stored("by_hand"))?.status === "failed");
    const first = await stored("by_hand");
    expect(/^quality_gate: GateBlocked: .*records_below_minimum/s.test(first.error), "the failure is not named", first);
    expect(first.attempt === 1, "the first attempt is not 1", first);

    const clear = ["tasks", "clear", NAME, "-y", "-s", "2026-11-03", "-e", "2026-11-04"];
    await succeeds(scheduler.run(...clear));
    await scheduler.until("the second failure", async () => {
      const now = await stored("by_hand");
      return now.attempt === 2 && now.status === "failed";
    });
    expect((await failures()) === before + 2, "the second failure is not counted", {
      failures: await failures(),
      before,
    });

    // As a person does after the data was sent again.
    const mend = `import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute("update dag_run set conf = ? where run_id = 'by_hand'", ('{"rows": 12000}',)); c.commit()`;
    await succeeds(run(bin("python"), ["-c", mend, join(env.AIRFLOW_HOME, "airflow.db")]));
    await succeeds(scheduler.run(...clear));
    await scheduler.until("the success", async () => (await stored("by_hand")).status === "success");
    const last = await stored("by_hand");
    expect(last.attempt === 3, "the third attempt is not 3", last);
    const load = last.stages.find(({ stage }) => stage === "load");
    expect(load.count === 12_000, "the counts of the attempts are not told apart", last);
    const gate = await agent.gate(`${NAME}?run_id=by_hand`);
    expect(gate.allowed, "the mended run is not allowed", gate);
    // The logical date lies weeks back, so it is not the latest run.
    expect((await agent.latestRun(NAME)).run_id !== "by_hand", "a run of an older date became the latest", last);
  } catch (error) {
    throw new Error(`${error.message}\n--- Airflow:\n${scheduler.output.text.slice(-8000)}`);
  } finally {
    await scheduler.stop();
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in RECIPES));
if (unknown.length > 0) {
  say(`there is no recipe ${unknown.join(", ")}; there are ${Object.keys(RECIPES).join(", ")}`);
  process.exit(2);
}
if (!isBuilt(root)) spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { stdio: "inherit" });

const failures = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(RECIPES)) {
  const directory = mkdtempSync(join(tmpdir(), `sluice-interop-${name}-`));
  // Under root the embedded server runs as another user, who needs access to the directory.
  chmodSync(directory, 0o755);
  let agent;
  try {
    say(`${name}: environment …`);
    const bin = await environmentOf(name);
    agent = await startAgent(directory);
    say(`${name}: running …`);
    const env = { SLUICE_URL: agent.url, SLUICE_SPOOL_DIR: join(directory, "spool"), PYTHONDONTWRITEBYTECODE: "1" };
    const run = (program, args, options = {}) =>
      execute(program, args, { cwd: directory, ...options, env: { ...env, ...options.env } });
    await RECIPES[name]({ bin, directory, run, agent });
    say(`${name}: ok`);
  } catch (error) {
    failures.push(name);
    say(`${name}: FAILED\n${error.message}`);
  } finally {
    await agent?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
say(failures.length === 0 ? "all recipes ran" : `failed: ${failures.join(", ")}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/**
 * Makes a venv with the requirements of the recipe (kept) and the client of this tree (installed anew). Returns paths of its
 * programs.
 */
async function environmentOf(name) {
  const requirements = join(EXAMPLES, name, "requirements.txt");
  const version = (await succeeds(execute("python3", ["--version"]))).out;
  const key = createHash("sha256").update(version).update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(root, ".cache/interop", `${name}-${key}`);
  const bin = (program) => join(folder, "bin", program);
  const pip = (...args) =>
    succeeds(execute(bin("python"), ["-m", "pip", "--disable-pip-version-check", "-q", ...args]));
  const client = join(root, "python");
  if (!existsSync(join(folder, ".complete"))) {
    rmSync(folder, { recursive: true, force: true });
    await succeeds(execute("python3", ["-m", "venv", folder]));
    // An old pip takes an hour to resolve these.
    await pip("install", "--upgrade", "pip");
    await pip("install", client, "-r", requirements);
    writeFileSync(join(folder, ".complete"), "");
  }
  await pip("install", "--force-reinstall", "--no-deps", client);
  return bin;
}

async function startAgent(directory) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, SLUICE_LISTEN: `127.0.0.1:${port}`, SLUICE_DATA_DIR: join(directory, "agent") };
  for (const name of ["DATABASE_URL", "REDIS_URL", "SLUICE_CONFIG"]) delete env[name];
  const child = spawn(process.execPath, [join(root, "dist/main.js"), "serve"], {
    cwd: directory,
    env,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  while ((await fetch(`${url}/readyz`).catch(() => null))?.status !== 200) {
    if (child.exitCode !== null) throw new Error("the agent ended before it was ready");
    await sleep(100);
  }
  const get = async (path) => (await fetch(url + path)).json();
  return {
    url,
    gate: (name) => get(`/v1/gates/${name}`),
    latestRun: async (name) => (await get(`/v1/pipelines/${name}`)).last_run,
    async run(name, run_id) {
      const answer = await fetch(`${url}/v1/runs/${name}/${encodeURIComponent(run_id)}`);
      return answer.ok ? answer.json() : undefined;
    },
    async sample(series) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split("\n").find((one) => one.startsWith(`${series} `));
      return line === undefined ? 0 : Number(line.split(/\s+/).at(-1));
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function execute(program, args, { cwd, env } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const said = { code: null, out: "", all: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    said.out += text;
    said.all += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said.all += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...said, code, what: `${program} ${args.join(" ").slice(0, 200)}` }));
  });
}

async function succeeds(execution) {
  const ended = await execution;
  expect(ended.code === 0, `${ended.what} ended with ${ended.code}`, ended);
  return ended;
}

function expect(holds, otherwise, { all, ...rest }) {
  if (!holds) throw new Error(`${otherwise}:\n${all === undefined ? JSON.stringify(rest) : all.slice(-6000)}`);
}
