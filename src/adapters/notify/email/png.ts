import { Resvg } from "@resvg/resvg-js";

/** Draws an SVG, which mail programs do not show, as a PNG of twice the size for dense screens. */
export function pngOf(svg: string): Buffer {
  return new Resvg(svg, { fitTo: { mode: "zoom", value: 2 }, font: { loadSystemFonts: false } }).render().asPng();
}
