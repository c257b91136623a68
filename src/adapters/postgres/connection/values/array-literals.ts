/** Columns of rows to be inserted with UNNEST, as array literals. Several times faster than the driver's own conversion. */

type Nullable<T> = T | null | undefined;

export function numbers(values: readonly Nullable<number | bigint | boolean>[]): string {
  let text = "{";
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ",";
    text += values[i] ?? "NULL";
  }
  return `${text}}`;
}

export function texts(values: readonly Nullable<string>[]): string {
  let text = "{";
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ",";
    const value = values[i];
    text += value == null ? "NULL" : quote(value);
  }
  return `${text}}`;
}

function quote(value: string): string {
  return `"${/["\\]/.test(value) ? value.replace(/["\\]/g, "\\$&") : value}"`;
}

/** Milliseconds as seconds, for to_timestamp(). */
export function times(values: readonly Nullable<number>[]): string {
  let text = "{";
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ",";
    const value = values[i];
    text += value == null ? "NULL" : value / 1000;
  }
  return `${text}}`;
}

/** Arrays inside an array must have one length in SQL; each goes in as the text of its own literal instead. */
export function arrays(values: readonly (readonly number[])[]): string {
  return texts(values.map((value) => `{${value.join(",")}}`));
}
