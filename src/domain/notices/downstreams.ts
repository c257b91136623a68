import type { GatePolicies } from "../policy.ts";

/**
 * Who waits for a pipeline, directly or through others, nearest first: names or globs of pipelines, and `consumer of
 * pipeline` where only a consumer does.
 */
export function downstreamsOf({ entries }: Pick<GatePolicies, "entries">, pipeline_name: string): string[] {
  const found = new Set<string>();
  let next = [pipeline_name];
  while (next.length > 0) {
    const after: string[] = [];
    for (const upstream of next) {
      for (const entry of entries) {
        if (entry.policy.depends_on?.includes(upstream) && entry.pipeline_name !== pipeline_name) {
          if (!found.has(entry.pipeline_name)) after.push(entry.pipeline_name);
          found.add(entry.pipeline_name);
        }
        for (const [consumer, overlay] of Object.entries(entry.consumers)) {
          if (overlay.depends_on?.includes(upstream)) found.add(`${consumer} of ${entry.pipeline_name}`);
        }
      }
    }
    next = after;
  }
  return [...found];
}
