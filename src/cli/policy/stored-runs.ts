import type { AgentApi } from "../connection/agent-api.ts";

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface StoredRun {
  run_id: string;
  status: string;
  finished_at: string | null;
}

/** Of these a gate has nothing to decide yet. */
const NOT_ENDED = ["started", "retrying", "unknown"];
const PAGE = 1000;

/** A list of the agent's, page after page, until there are `most`. */
export async function listAll<T>(
  api: AgentApi,
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>>,
  most = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = (await api.ask({ path, query: { ...query, limit: Math.min(most, PAGE), cursor } })) as Page<T>;
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && items.length < most);
  return items.slice(0, most);
}

/** The ended runs of a pipeline, latest first. */
export async function endedRuns(
  api: AgentApi,
  pipeline_name: string,
  since: string,
  most: number,
): Promise<StoredRun[]> {
  const runs = await listAll<StoredRun>(api, ["v1", "runs"], { pipeline_name, since }, most);
  return runs.filter(({ status }) => !NOT_ENDED.includes(status));
}
