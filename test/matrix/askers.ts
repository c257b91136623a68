import { join } from "node:path";
import { createClient } from "../../src/client/index.ts";
import { execute } from "../python/support/execute.ts";
import { ROOT } from "../python/support/python-tools.ts";
import { pythonEnvironment, SILENT } from "./clients.ts";

export interface Question {
  pipeline_name: string;
  run_id?: string | undefined;
}

/** Whether the step after a gate goes on, by the ways in which people ask. */
export type Asker = (url: string, question: Question) => Promise<boolean>;

const LIMIT_SECONDS = "60";

export const ASKERS: Record<string, Asker> = {
  async "curl check"(url, question) {
    const { code } = await execute("curl", ["-fsS", "-m", LIMIT_SECONDS, `${url}${pathOf(question)}`]);
    return code === 0;
  },

  async TypeScript(url, { pipeline_name, run_id }) {
    const client = createClient({ url, spool: false, logger: SILENT });
    const gate = client.gate(pipeline_name, { onUnreachable: "block" });
    const open = gate.check(run_id === undefined ? {} : { run_id }).then(
      () => true,
      () => false,
    );
    return open.finally(() => client.close());
  },

  async Python(url, { pipeline_name, run_id }) {
    const program = `
import json, sys
from sluice_client import gate
from sluice_client.gate_decision import GateBlocked
name, run_id = json.loads(sys.argv[1])
try:
    gate(name, on_unreachable="block").require(run_id=run_id)
except GateBlocked:
    sys.exit(3)`;
    const args = ["-c", program, JSON.stringify([pipeline_name, run_id ?? null])];
    const { code, err } = await execute("python3", args, { env: pythonEnvironment(url) });
    if (code !== 0 && code !== 3) throw new Error(err);
    return code === 0;
  },

  /** Whatever may go on ends with 0, warnings too. */
  async CLI(url, { pipeline_name, run_id }) {
    const args = ["gate", pipeline_name, "--ok-if-allowed", ...(run_id === undefined ? [] : ["--run-id", run_id])];
    const env = { SLUICE_URL: url, SLUICE_API_KEY: "" };
    const { code, err } = await execute(process.execPath, [join(ROOT, "scripts/sluice.mjs"), ...args], { env });
    if (code === null || code === 1 || code === 2) throw new Error(err);
    return code === 0;
  },
};

function pathOf({ pipeline_name, run_id }: Question): string {
  const query = run_id === undefined ? "" : `?run_id=${encodeURIComponent(run_id)}`;
  return `/v1/gates/${encodeURIComponent(pipeline_name)}/check${query}`;
}
