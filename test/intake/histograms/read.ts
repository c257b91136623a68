import type { FormatName } from "../../../src/contract/formats.ts";
import { validateHistogram } from "../../../src/domain/drift/histograms/validate-histogram.ts";
import { SluiceError } from "../../../src/errors.ts";
import type { HistogramInput } from "../../../src/histogram/histogram-input.ts";
import { type FormatOptions, readFormat } from "../../../src/intake/histograms/read-format.ts";

export const DEFAULTS: FormatOptions = { n: null, feature_name: null, most_bins: 1000 };

/** The features by name; each of them is what our own routes would take. */
export function read(
  format: FormatName,
  document: unknown,
  options: Partial<FormatOptions> = {},
): Record<string, HistogramInput> {
  const features = readFormat(format, document, { ...DEFAULTS, ...options });
  for (const [name, input] of features) {
    const wrong = validateHistogram(input);
    if (wrong.length > 0) throw new Error(`${name}: ${JSON.stringify(wrong)}`);
  }
  return Object.fromEntries(features);
}

/** The only feature of a document that does not name it. */
export function readOne(format: FormatName, document: unknown, options: Partial<FormatOptions> = {}): HistogramInput {
  return read(format, document, { feature_name: "f", ...options }).f!;
}

/** What is wrong by path, or the code where it is no invalid_report. */
export function refusal(
  format: FormatName,
  document: unknown,
  options: Partial<FormatOptions> = {},
): Record<string, string> | string {
  try {
    readFormat(format, document, { ...DEFAULTS, ...options });
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    if (error.code !== "invalid_report") return `${error.code}: ${error.message}`;
    return Object.fromEntries((error.errors ?? []).map(({ path, message }) => [path, message]));
  }
  throw new Error("nothing was wrong with it");
}
