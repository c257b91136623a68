import { BADGE_COLORS, badgeSvg } from "./badge-svg.ts";
import { isolated, nameOnBadge } from "./name-on-badge.ts";

/** For a name that nobody has reported under: an image says it better than an error, which a README shows as a broken picture. */
export function missingBadge(pipeline_name: string): string {
  return badgeSvg({
    label: nameOnBadge(pipeline_name),
    message: "? no such pipeline",
    color: BADGE_COLORS.unknown,
    title: `${isolated(pipeline_name)}: no such pipeline has reported`,
  });
}
