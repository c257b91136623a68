import { Resvg } from "@resvg/resvg-js";

/** Mail programs show no SVG. Twice the size, for dense screens. */
export function pngOf(svg: string): Buffer {
  return new Resvg(svg, { fitTo: { mode: "zoom", value: 2 }, font: { loadSystemFonts: false } }).render().asPng();
}
