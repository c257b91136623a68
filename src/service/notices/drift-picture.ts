import type { DriftPicture } from "../../domain/notices/words/message.ts";
import type { Reader } from "../../ports.ts";
import { readVerdict, worstFirst } from "../drift/read-drift.ts";

/** Bins that fit a message. */
const MOST_BINS = 24;

/** What was expected of a feature and what came; of the worst one where none is named. null: there is nothing to show. */
export async function driftPicture(
  reader: Pick<Reader, "latestDrift">,
  pipeline_name: string,
  feature_name: string | null,
): Promise<DriftPicture | null> {
  const rows = await reader.latestDrift(pipeline_name);
  const fitting = feature_name === null ? rows : rows.filter((row) => row.feature_name === feature_name);
  const [worst] = worstFirst(fitting.map(readVerdict));
  if (worst === undefined || worst.bins.length === 0) return null;
  const { psi, threshold, bins } = worst;
  return { feature_name: worst.feature_name, psi, threshold, bins: bins.slice(0, MOST_BINS) };
}
