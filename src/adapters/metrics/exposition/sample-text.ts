/** Bytes that every sample's value may take: the longest double in its shortest form, `-1.7976931348623157e+308`. */
export const VALUE_BYTES = 24;

const BLANK = 0x20;

/** A number as the text format wants it, never longer than VALUE_BYTES. */
export function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  const text = String(value);
  // Only a negative number between -1e-5 and -1e-6 with 17 digits is longer.
  return text.length > VALUE_BYTES ? value.toExponential() : text;
}

/**
 * Writes the value into its field, padded on the left: any run of blanks parts the tokens of the text format, while
 * blanks behind a value are not accepted by every parser.
 */
export function writeValue(text: Buffer, field: number, value: number): void {
  const digits = valueText(value);
  let at = field + VALUE_BYTES;
  for (let i = digits.length - 1; i >= 0; i--) text[--at] = digits.charCodeAt(i);
  while (at > field) text[--at] = BLANK;
}

/** `a="1",b="2"`, values escaped. */
export function labelText(names: readonly string[], values: readonly string[]): string {
  let text = "";
  for (let i = 0; i < names.length; i++) {
    if (i > 0) text += ",";
    text += `${names[i]}="${escapeLabel(values[i]!)}"`;
  }
  return text;
}

function escapeLabel(value: string): string {
  return /[\\"\n]/.test(value) ? value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n") : value;
}

/** Always a float (`10.0`, `0.05`, `+Inf`), since Prometheus 3 rewrites `le="10"` and rules would miss it. */
export function boundText(bound: number): string {
  const text = valueText(bound);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
