import { ConfigError, filesOnDisk, loadConfig } from "../../config.ts";
import type { GatePolicies } from "../../domain/gate/policy/policy.ts";
import { resolvePolicy } from "../../domain/gate/policy/resolve-policy.ts";
import { writePolicy } from "../../domain/gate/policy/written-policy.ts";
import { DAY, formatTime } from "../../domain/words/time.ts";
import { UsageError } from "../command-error.ts";
import { AgentApi } from "../connection/agent-api.ts";
import { AgentRefused } from "../connection/agent-errors.ts";
import { type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";
import { paintFor } from "../text/paint.ts";
import { type Comparison, compareRun, decisionsOf, differs, type Tested } from "./compare-run.ts";
import { policyText } from "./policy-text.ts";
import { endedRuns, listAll, type StoredRun } from "./stored-runs.ts";

export interface PolicyTestOptions extends ConnectionOptions {
  config?: string;
  pipeline?: string[];
  all?: boolean;
  /** Milliseconds back from now. */
  since?: number;
  limit?: number;
  json?: boolean;
}

/** As diff has it: nothing would be decided otherwise, something would; trouble is 2, or 40 where nobody answers. */
const EXIT = { same: 0, different: 1 } as const;
const AT_ONCE = 8;

/** What the gate policies of a sluice.yaml would have decided about the runs that the agent has stored. */
export async function testPolicy(options: PolicyTestOptions, edge: Edge): Promise<number> {
  if ((options.pipeline === undefined) === !options.all) {
    throw new UsageError("--pipeline: must be given, once or several times, or else --all");
  }
  const api = new AgentApi(connectionOf(options, edge));
  const policies = readPolicies(options.config, edge);
  const { since: back = 30 * DAY, limit = 1000 } = options;
  const since = formatTime(edge.now() - back);
  const tested: Tested[] = [];
  try {
    for (const pipeline_name of options.pipeline ?? (await allPipelines(api))) {
      tested.push({ pipeline_name, runs: await testPipeline(api, policies, pipeline_name, since, limit) });
    }
  } catch (error) {
    // Its own exit code would say that there are differences.
    if (error instanceof AgentRefused) throw new UsageError(error.message, error);
    throw error;
  }
  edge.out(options.json ? JSON.stringify({ since, pipelines: tested }, null, 2) : policyText(tested, paintFor(edge)));
  return tested.some(({ runs }) => runs.some(differs)) ? EXIT.different : EXIT.same;
}

/** Only the file speaks: what the environment of this machine says of an agent is of no interest. */
function readPolicies(file: string | undefined, edge: Edge): GatePolicies {
  const env = { SLUICE_CONFIG: file ?? edge.env.SLUICE_CONFIG ?? "sluice.yaml" };
  try {
    return loadConfig(env, filesOnDisk(edge.directory), { listens: false }).config.gate;
  } catch (error) {
    if (error instanceof ConfigError)
      throw new UsageError(error.message.replaceAll("SLUICE_CONFIG:", "--config:"), error);
    throw error;
  }
}

async function allPipelines(api: AgentApi): Promise<string[]> {
  const pipelines = await listAll<{ pipeline_name: string }>(api, ["v1", "pipelines"], {});
  return pipelines.map(({ pipeline_name }) => pipeline_name);
}

async function testPipeline(
  api: AgentApi,
  policies: GatePolicies,
  pipeline_name: string,
  since: string,
  limit: number,
): Promise<Comparison[]> {
  const policy = writePolicy(resolvePolicy(policies, pipeline_name, null));
  const runs = await endedRuns(api, pipeline_name, since, limit);
  if (runs.length === 0) return [];
  const stored = await decisionsOf(api, pipeline_name, since);
  const compared: Comparison[] = [];
  for (let i = 0; i < runs.length; i += AT_ONCE) {
    const some = runs.slice(i, i + AT_ONCE);
    const about = (run: StoredRun) => compareRun(api, { pipeline_name, run }, policy, stored.get(run.run_id));
    compared.push(...(await Promise.all(some.map(about))));
  }
  return compared;
}
