import { textWidth } from "./text-width.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A README is about 800 px wide, and other badges stand beside this one. The title has the whole name. */
const MOST_PIXELS = 280;
const ELLIPSIS = "…";

/** As much of a name as has room, cut between characters as people count them (an emoji of several code points is one). */
export function shorten(name: string): string {
  if (textWidth(name).pixels <= MOST_PIXELS) return name;
  let shown = "";
  let pixels = textWidth(ELLIPSIS).pixels;
  for (const { segment } of graphemes.segment(name)) {
    pixels += textWidth(segment).pixels;
    if (pixels > MOST_PIXELS) break;
    shown += segment;
  }
  return `${shown}${ELLIPSIS}`;
}
