// A real Airflow: API server, scheduler and DAG processor on SQLite, for what `dags test` does not show (clears, callbacks in the
// DAG processor).
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const MINUTES = 60_000;

/** Starts it; `airflow(...args)` runs a command of its own. Ends with stop(). */
export async function startAirflow({ bin, env, cwd, port, airflow }) {
  const all = {
    ...process.env,
    ...env,
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__BASE_URL: `http://127.0.0.1:${port}`,
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: "True",
    AIRFLOW__CORE__EXECUTOR: "LocalExecutor",
    AIRFLOW__CORE__PARALLELISM: "2",
    AIRFLOW__API__WORKERS: "1",
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: "5",
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: "5",
    AIRFLOW__API_AUTH__JWT_SECRET: "of-this-test-and-of-no-other-one-as-long-as-airflow-wants-it",
  };
  const programs = [["api-server", "--host", "127.0.0.1", "--port", String(port)], ["scheduler"], ["dag-processor"]];
  const output = { text: "" };
  const children = programs.map((args) => {
    const child = spawn(bin("airflow"), args, { cwd, env: all, stdio: ["ignore", "pipe", "pipe"], detached: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output.text = (output.text + text).slice(-200_000);
      });
    }
    return { child, ended: new Promise((resolve) => child.once("exit", resolve)) };
  });
  const run = (...args) => airflow(args, all);
  return {
    run,
    output,
    /** Polls until the answer is true. */
    async until(what, ask, minutes = 6) {
      const deadline = Date.now() + minutes * MINUTES;
      while (!(await ask())) {
        if (Date.now() > deadline) throw new Error(`${what} did not happen:\n${output.text.slice(-6000)}`);
        await sleep(1000);
      }
    },
    async stop() {
      for (const { child } of children) signal(child, "SIGTERM");
      const over = sleep(20_000, "late", { ref: false });
      if ((await Promise.race([Promise.all(children.map(({ ended }) => ended)), over])) === "late") {
        for (const { child } of children) signal(child, "SIGKILL");
      }
    },
  };
}

/** Ends the workers too: they are in the same process group. */
function signal({ pid }, name) {
  try {
    process.kill(-pid, name);
  } catch {
    // The group has already ended.
  }
}
