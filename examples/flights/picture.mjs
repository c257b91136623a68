// Draws what the demo showed as an SVG: FORCE_COLOR=1 npm run -s demo -- --once | node examples/flights/picture.mjs > demo.svg
import { text } from "node:stream/consumers";

const COMMAND = "npm run demo";
const CHARACTER = 7.8;
const LINE = 19;
const MARGIN = 20;
const BAR = 34;
const INK = "#d5dae1";
/** By ANSI code; legible on the dark ground, whatever the page around it is. */
const COLOURS = { 2: "#8b949e", 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 36: "#79c0ff" };
const BOLD = "1";

const lines = closingTables(await text(process.stdin));
process.stdout.write(svg([`\x1b[2m$\x1b[0m ${COMMAND}`, "", ...lines]));

/** From the first blank line on: what was said before is the progress. */
function closingTables(output) {
  const from = output.indexOf("\n\n");
  if (from < 0) throw new Error("Nothing to draw: standard input has no table of the demo in it.");
  return output.slice(from).trim().split("\n");
}

function svg(lines) {
  const longest = Math.max(
    ...lines.map((line) => pieces(line).reduce((end, { column, said }) => Math.max(end, column + said.length), 0)),
  );
  const width = Math.ceil(longest * CHARACTER) + 2 * MARGIN;
  const height = BAR + lines.length * LINE + MARGIN;
  const lights = ["#ff5f57", "#febc2e", "#28c840"].map(
    (fill, i) => `<circle cx="${20 + i * 18}" cy="17" r="5.5" fill="${fill}"/>`,
  );
  const body = lines.map((line, i) => textLine(line, BAR + (i + 1) * LINE)).filter((line) => line !== "");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The closing tables of ${COMMAND}">
<rect width="100%" height="100%" rx="9" fill="#1b1f24"/>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8.5" fill="none" stroke="#8b949e" stroke-opacity=".4"/>
${lights.join("")}
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13" fill="${INK}">
${body.join("\n")}
</g>
</svg>
`;
}

function textLine(line, y) {
  const spans = pieces(line).map(({ column, said, code }) => {
    const look = code === BOLD ? ' font-weight="bold"' : COLOURS[code] ? ` fill="${COLOURS[code]}"` : "";
    // Each piece has its own place, so that columns stay columns in any monospaced font.
    return `<tspan x="${(MARGIN + column * CHARACTER).toFixed(1)}"${look}>${escaped(said)}</tspan>`;
  });
  return spans.length === 0 ? "" : `<text y="${y}">${spans.join(" ")}</text>`;
}

/** The words of a line with their columns and colours, apart where two spaces or a change of colour part them. */
function pieces(line) {
  const found = [];
  let column = 0;
  let code = "0";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
  for (const [part, style] of line.matchAll(/\x1b\[(\d+)m|[^\x1b]+/g)) {
    if (style !== undefined) {
      code = style;
      continue;
    }
    for (const { 0: said, index } of part.matchAll(/\S+(?: \S+)*/g)) found.push({ column: column + index, said, code });
    column += part.length;
  }
  return found;
}

function escaped(said) {
  return said.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
