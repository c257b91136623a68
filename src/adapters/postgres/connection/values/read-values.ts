import pg from "pg";

type Parser = (text: string) => unknown;

const TIMESTAMPTZ = 1184;

/** int8 and numeric become numbers (exact to 2^53), timestamps milliseconds since 1970, arrays of them arrays. */
const PARSERS = new Map<number, Parser>([
  [20, Number],
  [1700, Number],
  [TIMESTAMPTZ, toMilliseconds],
  [1016, (text) => elements(text).map(Number)],
  [1007, (text) => elements(text).map(Number)],
  [1185, (text) => elements(text).map((element) => toMilliseconds(element.replaceAll('"', "")))],
]);

export function readValue(oid: number, format?: "text" | "binary"): Parser {
  const own = format === "binary" ? undefined : PARSERS.get(oid);
  return own ?? (pg.types.getTypeParser(oid, format as "text") as Parser);
}

/** `2026-11-20 02:00:00.123+00`, as the server prints it where TimeZone is UTC. */
function toMilliseconds(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}:00`);
}

function elements(text: string): string[] {
  return text === "{}" ? [] : text.slice(1, -1).split(",");
}
