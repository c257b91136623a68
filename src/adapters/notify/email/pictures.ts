import type { NoticeMessage } from "../../../domain/notices/words/message.ts";
import { driftSvg, ratesSvg } from "./drift-svg.ts";

/** The pictures of a message by name, as SVG. */
export function svgsOf({ picture, digest }: NoticeMessage): Map<string, string> {
  const svgs = new Map<string, string>();
  if (picture !== null) svgs.set("drift", driftSvg(picture));
  for (const [i, { days, target }] of (digest?.sla ?? []).slice(0, 20).entries()) {
    const rates = days.filter((rate) => rate !== null);
    svgs.set(`sla-${i}`, ratesSvg(days, target, Math.min(target, ...rates) - 2));
  }
  return svgs;
}
