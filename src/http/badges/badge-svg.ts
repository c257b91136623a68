import { textWidth } from "./text-width.ts";

export interface Badge {
  /** The left half. */
  label: string;
  /** The right half. */
  message: string;
  color: BadgeColor;
  /** The whole in words, for those who do not see it and for those who point at it. */
  title: string;
}

interface BadgeColor {
  fill: string;
  /** Of the text on it: a contrast of 4.5 or more (WCAG AA). */
  text: string;
}

/** Darkened or with dark text, of the palette of Okabe and Ito: told apart by everybody, and the word stands there too. */
export const BADGE_COLORS = {
  good: { fill: "#00704f", text: "#ffffff" },
  attention: { fill: "#e69f00", text: "#1a1a1a" },
  act: { fill: "#b34700", text: "#ffffff" },
  waiting: { fill: "#56b4e9", text: "#1a1a1a" },
  unknown: { fill: "#cc79a7", text: "#1a1a1a" },
  label: { fill: "#4a4a4a", text: "#ffffff" },
} as const satisfies Record<string, BadgeColor>;

const HEIGHT = 20;
const BASELINE = 14;
const PADDING = 6;

/** A flat badge of 20 px, as shields.io made them known. It refers to nothing outside and has no ids, so that it can be inlined. */
export function badgeSvg({ label, message, color, title }: Badge): string {
  const left = half(label);
  const right = half(message);
  const width = left.width + right.width;
  const name = escapeXml(title);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${name}">`,
    `<title>${name}</title>`,
    `<path fill="${BADGE_COLORS.label.fill}" d="M3 0h${left.width - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>`,
    `<path fill="${color.fill}" d="M${left.width} 0h${right.width - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right.width - 3}z"/>`,
    `<g font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle" aria-hidden="true">`,
    left.text(0, BADGE_COLORS.label.text),
    right.text(left.width, color.text),
    "</g></svg>",
  ].join("");
}

interface Half {
  width: number;
  text(x: number, fill: string): string;
}

function half(content: string): Half {
  const { pixels, exact } = textWidth(content);
  const width = Math.ceil(pixels) + 2 * PADDING;
  // Held to the width in whatever font there is; letters that join must not be pulled apart on an estimate.
  const fit = exact && content !== "" ? ` textLength="${Math.ceil(pixels)}" lengthAdjust="spacingAndGlyphs"` : "";
  return {
    width,
    text: (x, fill) => `<text x="${x + width / 2}" y="${BASELINE}" fill="${fill}"${fit}>${escapeXml(content)}</text>`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and attributes alike. What XML 1.0 cannot hold at all (control characters, lone surrogates) becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
