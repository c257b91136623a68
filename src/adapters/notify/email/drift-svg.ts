import type { DriftPicture } from "../../../domain/notices/words/message.ts";
import { atLeast } from "../../../domain/words/tolerance.ts";

const WIDTH = 560;
const HEIGHT = 150;
const GAP = 6;

export const EXPECTED_COLOUR = "#aeb6bf";
export const ACTUAL_COLOUR = "#c0392b";

/**
 * A drifted feature's bins: a pale bar for what was expected, a strong one for what came. It holds no text, so that drawing it
 * needs no font; the mail shows legend and numbers beside it.
 */
export function driftSvg({ bins }: DriftPicture): string {
  const most = Math.max(...bins.map(({ expected, actual }) => Math.max(expected, actual)), 1e-9);
  const slot = WIDTH / Math.max(bins.length, 1);
  const bar = Math.max(1, (slot - GAP) / 2);
  const rect = (x: number, share: number, fill: string) => {
    const height = Math.max(share > 0 ? 1 : 0, (share / most) * (HEIGHT - 4));
    return `<rect x="${round(x)}" y="${round(HEIGHT - 1 - height)}" width="${round(bar)}" height="${round(height)}" fill="${fill}"/>`;
  };
  const bars = bins.map(({ expected, actual }, i) => {
    const x = i * slot + GAP / 2;
    return rect(x, expected, EXPECTED_COLOUR) + rect(x + bar, actual, ACTUAL_COLOUR);
  });
  const ground = `<rect x="0" y="${HEIGHT - 1}" width="${WIDTH}" height="1" fill="#85929e"/>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>${bars.join("")}${ground}</svg>`
  );
}

/** Rates (percent) as columns from `lowest` to 100; a day below its target is red, one without data is a mark on the base line. */
export function ratesSvg(rates: readonly (number | null)[], target: number, lowest: number): string {
  const [width, height] = [120, 24];
  const slot = width / Math.max(rates.length, 1);
  const columns = rates.map((rate, i) => {
    const share = rate === null ? 0.06 : Math.max(0.08, (rate - lowest) / Math.max(100 - lowest, 1e-9));
    const fill = rate === null ? "#d5d8dc" : !atLeast(rate, target) ? ACTUAL_COLOUR : "#52be80";
    const tall = Math.min(1, share) * height;
    return `<rect x="${round(i * slot)}" y="${round(height - tall)}" width="${round(Math.max(1, slot - 2))}" height="${round(tall)}" fill="${fill}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${columns.join("")}</svg>`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
