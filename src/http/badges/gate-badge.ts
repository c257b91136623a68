import type { Decision } from "../../domain/gate/assess.ts";
import { BADGE_COLORS, badgeSvg } from "./badge-svg.ts";
import { isolated, nameOnBadge } from "./name-on-badge.ts";

export interface GateBadge {
  pipeline_name: string;
  decision: Decision;
  /** Somebody decided it, for a limited time. */
  overridden: boolean;
}

const LOOKS = {
  pass: { sign: "✓", color: BADGE_COLORS.good, means: "the next step may go on" },
  warn: { sign: "!", color: BADGE_COLORS.attention, means: "the next step may go on, with reasons to look" },
  block: { sign: "✕", color: BADGE_COLORS.act, means: "the next step may not go on" },
  pending: { sign: "…", color: BADGE_COLORS.waiting, means: "not decided yet" },
  unknown: {
    sign: "?",
    color: BADGE_COLORS.unknown,
    means: "there is no evidence about its data, or none recent enough",
  },
} as const satisfies Record<Decision, object>;

/** The gate of a pipeline as an SVG document. */
export function gateBadge({ pipeline_name, decision, overridden }: GateBadge): string {
  const { sign, color, means } = LOOKS[decision];
  const by = overridden ? " (override)" : "";
  return badgeSvg({
    label: `${nameOnBadge(pipeline_name)} gate`,
    message: `${sign} ${decision}${by}`,
    color,
    title: `${isolated(pipeline_name)} gate: ${decision}${by}, ${means}`,
  });
}
