import { textWidth } from "./text-width.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A README is about 800 px wide, and other badges stand beside this one. The title has the whole name. */
const MOST_PIXELS = 280;
const ELLIPSIS = "…";
const FIRST_STRONG_ISOLATE = "\u{2068}";
const POP_DIRECTIONAL_ISOLATE = "\u{2069}";

/** As much of a name as has room, cut between characters as people count them (an emoji of several code points is one). */
export function nameOnBadge(name: string): string {
  return isolated(shorten(name));
}

/** The whole name, with its direction of writing kept to itself. */
export function isolated(name: string): string {
  return textWidth(name).exact ? name : `${FIRST_STRONG_ISOLATE}${name}${POP_DIRECTIONAL_ISOLATE}`;
}

function shorten(name: string): string {
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
