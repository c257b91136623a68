import { type RunFeature, shownFeatures } from "../../../domain/commit/kinds/drift.ts";
import { LATEST, WEIGHTIER_VERDICT } from "../../../domain/commit/newest.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import type { FeatureVerdict } from "../../../domain/drift/drift.ts";
import type { FeatureEvidence } from "../../../domain/gate/evidence/evidence.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { saveLooseHistograms } from "../drift/loose-histograms.ts";
import { packCounts } from "../drift/pack-counts.ts";
import { histogramJson } from "../drift/stored-histogram.ts";
import type { AskedGates } from "../gate/evidence/asked-gates.ts";
import { addReferencedFeatures, addUsualFeatures } from "../gate/evidence/referenced-features.ts";
import { FEATURE_GAUGE_COLUMNS, FEATURE_GAUGES, FEATURE_GAUGES_ORDER, featuresOf } from "../gate/gauge-rows.ts";
import { placeColumns } from "../runs/place-columns.ts";
import { speakingFeaturesOf } from "../runs/speaking-evidence.ts";
import { bigint, boolean, float, nullable, text, time, word } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import type { KindTable } from "./kind-table.ts";
import { precedesSql } from "./precedence-sql.ts";
import { SHOWN } from "./shown-pipelines.ts";

export const INSERT_DRIFT = statement(
  "insert_drift",
  {},
  `
  INSERT INTO drift_result (pipeline_id, feature_id, run_key, reference_id, verdict, psi, p_value, critical_psi, threshold,
                            alpha, n_reference, n_current, rebin_error, counts, at, recorded_at, excluded, attempt, try,
                            detail, retyped, tested)
  SELECT pipeline_id, feature_id, run_key, reference_id, verdict, psi, p_value, critical_psi, threshold, alpha, n_reference,
         n_current, rebin_error, decode(counts, 'hex'), to_timestamp(at), to_timestamp($16::float8), excluded,
         attempt, try, detail, retyped, tested::jsonb
    FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::float8[], $7::float8[], $8::float8[],
                $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::text[], $15::float8[],
                $17::boolean[], $18::int[], $19::int[], $20::text[], $21::boolean[], $22::text[])
         AS u (pipeline_id, feature_id, run_key, reference_id, verdict, psi, p_value, critical_psi, threshold, alpha,
               n_reference, n_current, rebin_error, counts, at, excluded, attempt, try, detail, retyped,
               tested)`,
);

/** Of what says the same attempt and try the newest stays. */
export const SAVE_RUN_FEATURES = statement(
  "save_run_features",
  {},
  `
  INSERT INTO run_feature AS f (run_key, feature_id, at, verdict, psi, p_value, threshold, n_current, histogram, attempt,
                                try, attempt_no, try_no, detail, retyped)
  SELECT run_key, feature_id, to_timestamp(at), verdict, psi, p_value, threshold, n_current, histogram::jsonb, attempt, try,
         attempt_no, try_no, detail, retyped
    FROM unnest($1::bigint[], $2::int[], $3::float8[], $4::text[], $5::float8[], $6::float8[], $7::float8[], $8::float8[],
                $9::text[], $10::int[], $11::int[], $12::int[], $13::int[], $14::text[], $15::boolean[])
         AS u (run_key, feature_id, at, verdict, psi, p_value, threshold, n_current, histogram, attempt, try, attempt_no,
               try_no, detail, retyped)
      ON CONFLICT (run_key, feature_id, attempt, try) DO UPDATE
     SET at = excluded.at, verdict = excluded.verdict, psi = excluded.psi, p_value = excluded.p_value,
         threshold = excluded.threshold, n_current = excluded.n_current, histogram = excluded.histogram,
         attempt_no = excluded.attempt_no, try_no = excluded.try_no, detail = excluded.detail, retyped = excluded.retyped
   WHERE ${precedesSql([...LATEST, ...WEIGHTIER_VERDICT], "excluded", "f", { orEqual: true })}`,
);

async function saveDrift(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  tally: Tally,
  now: number,
): Promise<void> {
  const rows = tally.verdicts;
  if (rows.length === 0) return;
  const inserted = query(INSERT_DRIFT, [
    numbers(rows.map(({ report }) => pipelines.id(report.pipeline_name))),
    numbers(rows.map(({ verdict }) => names.id(verdict.feature_name))),
    numbers(rows.map(({ entry }) => entry?.key)),
    numbers(rows.map(({ verdict }) => verdict.reference?.reference_id)),
    texts(rows.map(({ verdict }) => verdict.verdict)),
    numbers(rows.map(({ verdict }) => verdict.psi)),
    numbers(rows.map(({ verdict }) => verdict.p_value)),
    numbers(rows.map(({ verdict }) => verdict.critical_psi)),
    numbers(rows.map(({ verdict }) => verdict.threshold)),
    numbers(rows.map(({ verdict }) => verdict.alpha)),
    numbers(rows.map(({ verdict }) => verdict.n_reference)),
    numbers(rows.map(({ verdict }) => verdict.n_current)),
    numbers(rows.map(({ verdict }) => verdict.rebin_error)),
    texts(rows.map(({ verdict }) => (verdict.counts === null ? null : packCounts(verdict.counts).toString("hex")))),
    times(rows.map(({ report }) => report.at)),
    now / 1000,
    numbers(rows.map(({ entry }) => entry?.run.invalidated ?? false)),
    numbers(rows.map(({ report }) => report.attempt)),
    numbers(rows.map(({ report }) => report.try)),
    texts(rows.map(({ verdict }) => detailOf(verdict))),
    numbers(rows.map(({ verdict }) => verdict.mismatch?.retyped)),
    texts(rows.map(({ verdict }) => testedJson(verdict))),
  ]);
  await Promise.all([saveRunFeatures(query, names, [...tally.run_features.values()]), inserted]);
}

/** What does not fit, or what decided. */
function detailOf({ mismatch, tested }: FeatureVerdict): string | null {
  return mismatch?.detail ?? tested?.detail ?? null;
}

function testedJson({ tested }: FeatureVerdict): string | null {
  if (tested === undefined) return null;
  const { detail: _kept, ...rest } = tested;
  return JSON.stringify(rest);
}

async function saveRunFeatures(query: Query, names: NameTable, rows: readonly RunFeature[]): Promise<void> {
  if (rows.length === 0) return;
  await query(SAVE_RUN_FEATURES, [
    numbers(rows.map(({ entry }) => entry.key)),
    numbers(rows.map(({ verdict }) => names.id(verdict.feature_name))),
    times(rows.map(({ at }) => at)),
    texts(rows.map(({ verdict }) => verdict.verdict)),
    numbers(rows.map(({ verdict }) => verdict.psi)),
    numbers(rows.map(({ verdict }) => verdict.p_value)),
    numbers(rows.map(({ verdict }) => verdict.threshold)),
    numbers(rows.map(({ verdict }) => verdict.n_current)),
    texts(rows.map(({ verdict }) => histogramJson(verdict.current))),
    ...placeColumns(rows),
    texts(rows.map(({ verdict }) => detailOf(verdict))),
    numbers(rows.map(({ verdict }) => verdict.mismatch?.retyped)),
  ]);
}

export const RESTORE_FEATURES = statement(
  "restore_features",
  FEATURE_GAUGE_COLUMNS,
  `${FEATURE_GAUGES} FROM ${featuresOf(SHOWN)} ${FEATURE_GAUGES_ORDER}`,
);

export const FEATURE_EVIDENCE = statement(
  "feature_evidence",
  {
    run_key: bigint,
    feature_name: text,
    verdict: word<FeatureEvidence["verdict"]>(),
    psi: nullable(float),
    p_value: nullable(float),
    threshold: float,
    n_current: float,
    at: time,
    detail: nullable(text),
    retyped: nullable(boolean),
  },
  `
  SELECT run_key, feature_name, verdict, psi, p_value, threshold, n_current, at, detail, retyped
    FROM ${speakingFeaturesOf("unnest($1::bigint[], $2::int[]) AS r (run_key, evidence_from)")} f
   ORDER BY run_key, feature_name`,
);

async function addFeatures(gates: AskedGates): Promise<void> {
  const [rows] = await Promise.all([
    gates.askRuns(FEATURE_EVIDENCE, { from: "evidence_from" }),
    addReferencedFeatures(gates),
  ]);
  for (const row of rows) {
    const { run_key, feature_name, verdict, psi, p_value, threshold, n_current, at, detail, retyped } = row;
    const mismatch = verdict === "errored" ? { detail: detail!, retyped: retyped! } : null;
    const why = verdict === "drifted" ? detail : null;
    const feature = { feature_name, verdict, psi, p_value, threshold, n_current, at, mismatch, why };
    gates.ofRun(run_key).evidence.features.push(feature);
  }
  await addUsualFeatures(gates);
}

export const DRIFT_TABLE: KindTable<"drift"> = {
  async save({ query, pipelines, names, now }, tally) {
    await Promise.all([
      saveDrift(query, pipelines, names, tally, now),
      saveLooseHistograms(query, pipelines, names, tally),
    ]);
    return { features: shownFeatures(tally) };
  },
  restore: async (read) => ({ features: await read(RESTORE_FEATURES) }),
  addEvidence: addFeatures,
};
