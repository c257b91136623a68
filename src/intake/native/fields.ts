import { show } from "../../contract/check.ts";
import { validateHistogram } from "../../domain/drift/histograms/validate-histogram.ts";
import { fieldPath } from "../../domain/words/field-path.ts";
import { parseTime } from "../../domain/words/time.ts";
import { type FieldError, SluiceError } from "../../errors.ts";
import type { HistogramInput } from "../../histogram/histogram-input.ts";

export function notATime(value: string | number): string {
  return `${show(value)} given; must be an RFC 3339 time such as 2026-11-20T02:00:00Z (without an offset = UTC) or Unix seconds, in the years 1 to 9999`;
}

/** Gathers what is wrong with single fields, so that all of it is told at once. */
export class Fields {
  readonly #errors: FieldError[] = [];

  time(path: string, value: string | number | undefined): number | null {
    if (value === undefined) return null;
    const ms = parseTime(value);
    if (ms === null) this.wrong(path, notATime(value));
    return ms;
  }

  histogram(pointer: string, input: HistogramInput): void {
    for (const { path, message } of validateHistogram(input)) this.wrong(fieldPath(`${pointer}${path}`), message);
  }

  wrong(path: string, message: string): void {
    this.#errors.push({ path, message });
  }

  throwIfWrong(): void {
    if (this.#errors.length > 0) throw invalid(this.#errors);
  }
}

export function invalid(errors: FieldError[]): SluiceError {
  const detail = errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  return new SluiceError("invalid_report", detail, { errors });
}
