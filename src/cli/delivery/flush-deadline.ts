import { durationOf } from "../arguments.ts";
import type { Edge } from "../edge.ts";

const BY_DEFAULT_MS = 3_000;
const LONGEST_MS = 10 * 60_000;

export const readFlushDeadline = (field: string) => durationOf(field, 0, LONGEST_MS);

/** How long handing over reports may hold a command up: the option, else SLUICE_FLUSH_DEADLINE, in milliseconds. */
export function flushDeadline(option: number | undefined, { env }: Edge): number {
  const given = env.SLUICE_FLUSH_DEADLINE;
  if (option !== undefined) return option;
  return given ? readFlushDeadline("SLUICE_FLUSH_DEADLINE")(given) : BY_DEFAULT_MS;
}
