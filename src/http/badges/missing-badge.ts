import { BADGE_COLORS, badgeSvg } from "./badge-svg.ts";
import { shorten } from "./shorten.ts";

/** For a name that nobody has reported under: an image says it better than an error, which a README shows as a broken picture. */
export function missingBadge(pipeline_name: string): string {
  return badgeSvg({
    label: shorten(pipeline_name),
    message: "? no such pipeline",
    color: BADGE_COLORS.unknown,
    title: `${pipeline_name}: no such pipeline has reported`,
  });
}
