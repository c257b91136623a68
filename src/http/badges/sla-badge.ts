import type { SlaState } from "../../domain/sla/sla.ts";
import { BADGE_COLORS, badgeSvg } from "./badge-svg.ts";
import { isolated, nameOnBadge } from "./name-on-badge.ts";

export interface SlaBadge {
  pipeline_name: string;
  /** How far back, days. */
  days: number;
  /** Percent; null: no results. */
  rate: number | null;
  /** Percent. */
  target: number;
  state: SlaState;
}

const LOOKS = {
  ok: { sign: "✓", color: BADGE_COLORS.good },
  breaching: { sign: "✕", color: BADGE_COLORS.act },
  no_data: { sign: "?", color: BADGE_COLORS.unknown },
} as const satisfies Record<SlaState, object>;

/** The SLA of a pipeline as an SVG document. */
export function slaBadge({ pipeline_name, days, rate, target, state }: SlaBadge): string {
  const { sign, color } = LOOKS[state];
  const value = rate === null || state === "no_data" ? "no data" : `${cut(rate)} %`;
  return badgeSvg({
    label: `${nameOnBadge(pipeline_name)} SLA ${days} d`,
    message: `${sign} ${value}`,
    color,
    title: `${isolated(pipeline_name)} SLA of ${days} days: ${value}, ${target} % is the target${state === "breaching" ? ", missed" : ""}`,
  });
}

/** Cut and not rounded: 99.999 is not 100. */
function cut(rate: number): string {
  return String(Math.floor(rate * 100 + 1e-9) / 100);
}
