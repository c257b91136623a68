import { formatDuration } from "../../domain/words/duration.ts";
import { DAY } from "../../domain/words/time.ts";
import { type AgentPlace, type Finding, ok, warn } from "./finding.ts";

/** The longest window of the exported SLA rates, and what `sluice sla` looks back. */
const SLA_DAYS = 30;

export function checkRetention({ config: { retention } }: AgentPlace): Finding[] {
  const detail = `history is kept for ${formatDuration(retention)}`;
  if (retention >= SLA_DAYS * DAY) return [ok("retention", detail)];
  return [warn("retention", detail, `SLA rates look back ${SLA_DAYS} days; set retention to at least ${SLA_DAYS}d`)];
}
