/** Counts of reports since the client was made. */
export interface Stats {
  /** Taken by the agent, those left behind by others included. */
  sent: number;
  /** The agent had them already. */
  duplicates: number;
  /** In files on disk, to be sent later by this process or the next one. */
  spooled: number;
  /** Lost: wrong use, a full queue or spool, or older than six days. */
  dropped: number;
  /** Refused by the agent for good; they lie in dead.ndjson of the spool. */
  dead: number;
  /** In memory, waiting to be sent. */
  queued: number;
  /** Taken by an older agent without a field that it does not know (`try`, `resumes`, `logical_date`, `lost`, `expected_min_of`). */
  reduced: number;
}

/** One line for the end of a process. */
export function summary(stats: Stats, place: string | null): string {
  const { sent, duplicates, spooled, dropped, dead, queued, reduced } = stats;
  const parts = [`${sent} reports sent`];
  if (duplicates > 0) parts.push(`${duplicates} were there already`);
  if (spooled > 0) parts.push(`${spooled} left in ${place ?? "the spool"} for the next client`);
  if (queued > 0) parts.push(`${queued} not sent and lost with this process`);
  if (dead > 0) parts.push(`${dead} refused${place === null ? "" : `, see dead.ndjson in ${place}`}`);
  if (dropped > 0) parts.push(`${dropped} dropped`);
  if (reduced > 0) parts.push(`${reduced} without a field that the agent does not know`);
  return parts.join(", ");
}

export function noStats(): Stats {
  return { sent: 0, duplicates: 0, spooled: 0, dropped: 0, dead: 0, queued: 0, reduced: 0 };
}

/** Whether somebody should look. */
export function isTrouble({ spooled, dropped, dead, queued, reduced }: Stats): boolean {
  return spooled + dropped + dead + queued + reduced > 0;
}
