import type { DriftState } from "../drift/drift.ts";
import type { ReasonCode } from "../gate/reason.ts";
import type { SlaState } from "../sla/sla.ts";
import { DAY } from "../words/time.ts";

export const DIGEST_PERIODS = ["day", "week"] as const;

export type DigestPeriod = (typeof DIGEST_PERIODS)[number];

/** How a team's pipelines did in a period [from, to). Times: milliseconds; rates: percent. Every list is worst first. */
export interface Digest {
  period: DigestPeriod;
  /** null: all pipelines. */
  team: string | null;
  from: number;
  to: number;
  sla: DigestSla[];
  features: DigestFeature[];
  blocked: DigestBlock[];
  overrides: DigestOverride[];
  /** Pipelines with runs before the period and none in it. */
  silent: { pipeline_name: string; last_run_at: number }[];
  /** The full number of items of each list, which is cut. */
  totals: Record<"sla" | "breaching" | "features" | "blocked" | "overrides" | "silent", number>;
}

export interface DigestSla {
  pipeline_name: string;
  total: number;
  passed: number;
  /** null: no data. */
  rate: number | null;
  target: number;
  state: SlaState;
  /** A rate for each day, the oldest first. Days even in a daily digest: the hours of one day hold too few results. */
  days: (number | null)[];
}

export interface DigestFeature {
  pipeline_name: string;
  feature_name: string;
  verdict: DriftState;
  psi: number | null;
  threshold: number;
  at: number;
}

export interface DigestBlock {
  pipeline_name: string;
  run_id: string | null;
  at: number;
  code: ReasonCode | null;
  detail: string | null;
}

export interface DigestOverride {
  pipeline_name: string;
  decision: "pass" | "block";
  actor: string;
  reason: string;
  created_at: number;
  expires_at: number;
}

/** The title of a digest. */
export function digestTitle(digest: Digest): string {
  const { team, totals } = digest;
  const whose = team === null ? "" : ` for ${team}`;
  const counts = [
    counted(totals.breaching, "pipeline below its target", "pipelines below their target"),
    counted(totals.blocked, "blocked run", "blocked runs"),
    counted(totals.silent, "pipeline went silent", "pipelines went silent"),
    counted(totals.features, "feature drifted", "features drifted"),
  ].filter((text) => text !== null);
  const said = counts.length === 0 ? (totals.sla === 0 ? "no data" : "all is well") : counts.join(", ");
  return `${spanTitle(digest)}${whose}: ${said}`;
}

/** A day has 23 to 25 hours; the digest after a weekend covers all three days. */
function spanTitle({ period, from, to }: Pick<Digest, "period" | "from" | "to">): string {
  const days = Math.round((to - from) / DAY);
  if (days === 7 || (period === "week" && days < 2)) return "The week";
  return days < 2 ? "The day" : `The last ${days} days`;
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count} ${count === 1 ? one : many}`;
}
