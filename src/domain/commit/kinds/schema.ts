import type { SchemaReport } from "../../reports/report.ts";
import { placeOfEvidence } from "../../runs/attempts/attempt-of-evidence.ts";
import type { RunEntry } from "../../runs/run-entry.ts";
import { join } from "../../words/key.ts";
import { GREATER_VERSION } from "../newest.ts";
import { precedes } from "../precedence.ts";
import { keepLatest } from "../tally-loose.ts";
import { type EvidenceKind, NOTHING } from "./kind.ts";
import { noteTry, type StoredPlace, storedPlace } from "./stored-place.ts";

export interface SchemaTally {
  /** `entry` null: reported without a run_id, and no run-less run was open (loose). */
  schemas: { report: SchemaReport; entry: RunEntry | null }[];
  run_schemas: Map<string, RunSchema>;
}

export interface RunSchema extends StoredPlace {
  entry: RunEntry;
  dataset: string;
  version: string;
  at: number;
}

export const emptySchema = (): SchemaTally => ({ schemas: [], run_schemas: new Map() });

export const SCHEMA: EvidenceKind<SchemaReport, SchemaTally> = {
  rank: 2,
  of_run: true,
  takes_run: "where runs have no ids",
  named: "dataset",
  names: ({ dataset }) => [dataset],
  also_stored: () => NOTHING,
  items: ({ dataset }) => [dataset],
  tally: tallySchema,
  newest: GREATER_VERSION,
  touched_runs: ({ run_schemas }) => run_schemas.values(),
  loose: ({ schemas }) => schemas.filter(({ entry }) => entry === null).map(({ report }) => report),
  gauged: false,
};

function tallySchema({ schemas, run_schemas }: SchemaTally, report: SchemaReport, entry: RunEntry | null): void {
  schemas.push({ report, entry });
  if (entry === null) return;
  const place = storedPlace(report, placeOfEvidence(entry.run.attempts, report));
  noteTry(entry, place);
  const { dataset, at, schema } = report;
  const { pipeline_name, run_id } = entry.run;
  const key = join(pipeline_name, run_id, dataset, `${place.attempt} ${place.try}`);
  const candidate = { entry, dataset, version: schema.version, at, ...place };
  keepLatest(run_schemas, key, candidate, (a, b) => precedes(GREATER_VERSION, a, b));
}
