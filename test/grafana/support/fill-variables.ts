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
    ...chosen,
  };
  return expr.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => values[braced ?? bare] ?? ".+");
}

export interface SqlChoice {
  /** Milliseconds. */
  from: number;
  to: number;
  kind?: string;
  /** By variable; All where there is none. */
  chosen?: Record<string, readonly string[]>;
}

/** SQL: variables with their format, then the macros of Grafana's Postgres data source. */
export function filledSql(rawSql: string, { from, to, kind = "quality", chosen = {} }: SqlChoice): string {
  const time = (ms: number) => `'${new Date(ms).toISOString()}'`;
  return rawSql
    .replace(/\$\{(\w+):(\w+)\}/g, (_, name: string, format: string) => {
      if (format === "sqlstring") return `'${kind.replaceAll("'", "''")}'`;
      if (format !== "regex") throw new Error(`the format ${format} is not known here`);
      return asRegex(chosen[name]);
    })
    .replace(/\$__timeFilter\(([^)]*)\)/g, (_, column) => `${column} BETWEEN ${time(from)} AND ${time(to)}`)
    .replaceAll("$__timeFrom()", time(from))
    .replaceAll("$__timeTo()", time(to));
}

/** As @grafana/data escapes for `:regex`: one value bare, several in parentheses, a custom All as it is. */
function asRegex(values: readonly string[] | undefined): string {
  if (values === undefined) return ".+";
  const escaped = values.map((value) => value.replace(/[\\^$*+?.()|[\]{}/]/g, "\\$&"));
  return escaped.length === 1 ? escaped[0]! : `(${escaped.join("|")})`;
}
