import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Run } from "../../src/client/index.ts";
import { succeed } from "../python/support/execute.ts";
import { ROOT } from "../python/support/python-tools.ts";
import type { TestAgent } from "../support/agent.ts";

/** What a client says of what it drops is not looked at here. */
export const SILENT = { warn: () => {}, error: () => {} };

export const urlOf = (agent: Pick<TestAgent, "port">) => `http://127.0.0.1:${agent.port}`;

/** A run `today` by the TypeScript client, ended and delivered. */
export async function withTypeScriptClient(
  agent: TestAgent,
  pipeline_name: string,
  work: (run: Run) => void,
): Promise<void> {
  const spool = mkdtempSync(join(tmpdir(), "sluice-matrix-"));
  const client = createClient({ url: urlOf(agent), spool, logger: SILENT });
  await client.pipeline(pipeline_name).run(work, { run_id: "today" });
  await client.flush();
  await client.close();
}

/** A program with the Python client in it. */
export async function inPython(agent: Pick<TestAgent, "port">, program: string): Promise<void> {
  await succeed("python3", ["-c", program], { env: pythonEnvironment(urlOf(agent)) });
}

export function pythonEnvironment(url: string): NodeJS.ProcessEnv {
  return {
    PYTHONPATH: join(ROOT, "python/src"),
    PYTHONDONTWRITEBYTECODE: "1",
    SLUICE_URL: url,
    SLUICE_API_KEY: "",
    SLUICE_SPOOL_DIR: mkdtempSync(join(tmpdir(), "sluice-matrix-")),
  };
}
