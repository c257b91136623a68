import type { DriftPicture } from "../../domain/notices/words/message.ts";

const WIDTH = 12;
const LABEL = 18;
const LINES = 8;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of text, as long as `share` of the width. */
export function textBar(share: number, width = WIDTH): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * width * 8);
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** The shares of a drifted feature as lines of text, in the order of its bins; those that differ least are left out. */
export function textPicture({ bins }: DriftPicture): string[] {
  const differing = bins
    .map((bin, place) => ({ ...bin, place, difference: Math.abs(bin.actual - bin.expected) }))
    .sort((a, b) => b.difference - a.difference)
    .slice(0, LINES)
    .sort((a, b) => a.place - b.place);
  const most = Math.max(...differing.map(({ expected, actual }) => Math.max(expected, actual)), 1e-9);
  const side = (share: number) => `${textBar(share / most).padEnd(WIDTH)} ${percent(share).padStart(5)}`;
  return [
    `${"".padEnd(LABEL)} ${"expected".padEnd(WIDTH + 6)}  actual`,
    ...differing.map(({ label, expected, actual }) => `${fitted(label)} ${side(expected)}  ${side(actual)}`),
    ...(bins.length > differing.length ? [`${bins.length - differing.length} other bins differ less`] : []),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)}%`;
}

function fitted(label: string): string {
  const characters = [...label];
  return characters.length > LABEL ? `${characters.slice(0, LABEL - 1).join("")}…` : label.padEnd(LABEL);
}

const STEPS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** Rates (percent) as a line of small columns, from `lowest` to 100; a day without data is a dot. */
export function sparkline(rates: readonly (number | null)[], lowest: number): string {
  return rates
    .map((rate) => {
      if (rate === null) return "·";
      const share = (rate - lowest) / Math.max(100 - lowest, 1e-9);
      return STEPS[Math.max(0, Math.min(STEPS.length - 1, Math.floor(share * STEPS.length)))];
    })
    .join("");
}
