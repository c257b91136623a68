import { compileCheck } from "../../contract/check.ts";
import { Name } from "../../contract/fields.ts";
import type { FormatName } from "../../contract/formats.ts";
import { SluiceError } from "../../errors.ts";
import type { HistogramInput } from "../../histogram/histogram-input.ts";
import { readEvidently } from "./evidently.ts";
import { readGreatExpectations } from "./great-expectations.ts";
import { readOpenLineage } from "./openlineage.ts";
import { readOtlp } from "./otlp.ts";
import type { Found, ReadFormat, ReadOptions } from "./parts/found.ts";
import { Reading } from "./parts/reading.ts";
import { readPrometheus } from "./prometheus.ts";
import { readSagemaker } from "./sagemaker.ts";
import { readTfdv } from "./tfdv.ts";

const READERS: Record<FormatName, ReadFormat> = {
  sagemaker: readSagemaker,
  tfdv: readTfdv,
  great_expectations: readGreatExpectations,
  openlineage: readOpenLineage,
  prometheus: readPrometheus,
  otlp: readOtlp,
  evidently: readEvidently,
};

/** Formats that name metrics, not columns: the only histogram of a document goes by whatever name is asked for. */
const OF_METRICS: readonly FormatName[] = ["prometheus", "otlp"];

export interface FormatOptions extends ReadOptions {
  /** The one feature that is wanted; null: all of them. */
  readonly feature_name: string | null;
}

const MOST_FEATURES = 10_000;
const MOST_NAMED = 10;
const wrongName = compileCheck(Name);

/**
 * The features of a document of another system's format, by name, as they could have been sent to us. Features without a
 * histogram are left out, unless one was asked for by name or there is no other.
 *
 * @throws SluiceError invalid_report, with all that is wrong; invalid_query where the document needs a feature_name
 */
export function readFormat(format: FormatName, document: unknown, options: FormatOptions): Map<string, HistogramInput> {
  const reading = new Reading();
  const found = READERS[format](document, reading, options);
  reading.throwIfWrong();
  const wanted = options.feature_name === null ? found : [named(options.feature_name, found, format)];
  const features = new Map<string, HistogramInput>();
  for (const one of wanted) {
    if ("lacks" in one) continue;
    const name = options.feature_name ?? one.name;
    if (name === null) throw nameless();
    for (const { message } of wrongName(name) ?? []) reading.wrong(one.path, message);
    if (features.has(name))
      reading.wrong(one.path, `${JSON.stringify(name)} is given twice; a feature must be given once`);
    features.set(name, one.input);
  }
  if (features.size === 0) {
    if (wanted.length === 0) reading.wrong("", "no feature given; must be one or more");
    for (const one of wanted) if ("lacks" in one) reading.wrong(one.path, `no histogram can be read: ${one.lacks}`);
  }
  if (features.size > MOST_FEATURES)
    reading.wrong("", `${features.size} features given; must be at most ${MOST_FEATURES}`);
  reading.throwIfWrong();
  return features;
}

function named(name: string, found: readonly Found[], format: FormatName): Found {
  const one = found.find((feature) => feature.name === name);
  if (one !== undefined) return one;
  const [only] = found;
  if (only !== undefined && found.length === 1 && (only.name === null || OF_METRICS.includes(format))) return only;
  const names = found.slice(0, MOST_NAMED).map((feature) => feature.name);
  const more = found.length > MOST_NAMED ? ` and ${found.length - MOST_NAMED} more` : "";
  const detail = `feature_name: ${JSON.stringify(name)} is not in the document; it has ${names.join(", ")}${more}`;
  throw new SluiceError("invalid_report", detail, { errors: [{ path: "feature_name", message: detail.slice(14) }] });
}

function nameless(): SluiceError {
  const message = "missing; the document does not name its feature";
  return new SluiceError("invalid_query", `feature_name: ${message}`, { errors: [{ path: "feature_name", message }] });
}
