import { ALL } from "../../../grafana/src/lib/sources.ts";

/** Puts values in place of variables as Grafana does before it asks a data source. */

export const RATE_INTERVAL = "4s";
export const RANGE = "4s";

/** PromQL: `All` arrives as the variable's allValue. */
export function filledPromql(expr: string, chosen: Record<string, string> = {}): string {
  const values: Record<string, string> = {
    __rate_interval: RATE_INTERVAL,
    __interval: RATE_INTERVAL,
    __range: RANGE,
    window: "30d",
    job: ".+",
    instance: ".*",
    ...chosen,
  };
  return expr.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => values[braced ?? bare] ?? ALL);
}

export interface SqlChoice {
  /** Milliseconds. */
  from: number;
  to: number;
  kind?: string;
  /** By variable; All where there is none. */
  chosen?: Record<string, readonly string[]>;
}

/** SQL: variables with their format, then, without comments, the macros of Grafana's Postgres data source. */
export function filledSql(rawSql: string, { from, to, kind = "quality", chosen = {} }: SqlChoice): string {
  const time = (ms: number) => `'${new Date(ms).toISOString()}'`;
  const filled = rawSql.replace(/\$\{(\w+):(\w+)\}/g, (_, name: string, format: string) => {
    if (format !== "sqlstring") throw new Error(`the format ${format} is not known here`);
    const values = name === "kind" ? [kind] : chosen[name];
    return values === undefined ? ALL : values.map((value) => `'${value.replaceAll("'", "''")}'`).join(",");
  });
  return withoutComments(filled).replace(/\$([_a-zA-Z0-9]+)\(([^)]*)\)/g, (_, macro: string, argument: string) => {
    if (macro === "__timeFilter") return `${argument} BETWEEN ${time(from)} AND ${time(to)}`;
    if (macro === "__timeFrom") return time(from);
    if (macro === "__timeTo") return time(to);
    throw new Error(`unknown macro ${macro}`);
  });
}

/** Newer versions of Grafana take out what looks like a comment, but for quoted texts and names. */
function withoutComments(sql: string): string {
  return sql.replace(/('(?:[^']|'')*'|"[^"]*")|--[^\n]*|\/\*[\s\S]*?\*\//g, (_, quoted = "") => quoted);
}
