import { styleText } from "node:util";
import type { Edge } from "../edge.ts";

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Colours where that stream is a terminal and NO_COLOR (https://no-color.org) is not set; plain text elsewhere. */
export function paintFor({ terminal, env }: Edge, stream: "out" | "err" = "out"): Paint {
  const coloured = terminal[stream] && !env.NO_COLOR && env.TERM !== "dumb";
  return (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text);
}
