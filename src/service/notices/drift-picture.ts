import type { DriftPicture } from "../../domain/notices/words/message.ts";
import type { Reader } from "../../ports.ts";
import { readVerdict, worstFirst } from "../drift/read-drift.ts";

/** Most bins that fit a message. */
const MOST_BINS = 24;

/** The expected and the current shares of a feature, or of the worst one where none is named; null: there is none. */
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
