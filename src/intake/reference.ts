import Type from "typebox";
import { compileCheck } from "../contract/check.ts";
import { ReferenceBody } from "../contract/drift/histogram-bodies.ts";
import { FreeText, RunId } from "../contract/fields.ts";
import { referenceHistogram } from "../domain/drift/histograms/reference-histogram.ts";
import { fieldPath } from "../domain/words/field-path.ts";
import { nfc } from "../domain/words/nfc.ts";
import { saidText } from "../domain/words/text.ts";
import { type FieldError, SluiceError } from "../errors.ts";
import type { Distribution } from "../histogram/distribution.ts";
import type { HistogramInput } from "../histogram/histogram-input.ts";
import { cleanHistogram } from "./native/clean-histogram.ts";

const checkReference = compileCheck(ReferenceBody);
const checkPromotion = compileCheck(
  Type.Object({ run_id: Type.Optional(RunId), note: Type.Optional(FreeText) }, { additionalProperties: false }),
);

/** The body of a reference that is put. */
export function readReference(body: unknown): { histogram: Distribution; note: string | null } {
  const wrong = checkReference(body);
  if (wrong !== null) throw invalid(wrong);
  const { note, ...input } = body as ReferenceBody;
  const histogram = referenceHistogram(cleanHistogram(input as HistogramInput));
  if (histogram.ok) return { histogram: histogram.value, note: note === undefined ? null : saidText(note) };
  throw invalid(histogram.errors.map(({ path, message }) => ({ path: fieldPath(path), message })));
}

export function readPromotion(body: unknown): { run_id: string | null; note: string | null } {
  const wrong = checkPromotion(body);
  if (wrong !== null) throw invalid(wrong);
  const { run_id, note } = body as { run_id?: string; note?: string };
  return { run_id: run_id === undefined ? null : nfc(run_id), note: note === undefined ? null : saidText(note) };
}

function invalid(errors: FieldError[]): SluiceError {
  const detail = errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  return new SluiceError("invalid_report", detail, { errors });
}
