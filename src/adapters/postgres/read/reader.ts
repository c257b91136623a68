import type pg from "pg";
import type { Reader } from "../../../ports.ts";
import { storeError } from "../connection/store-errors.ts";
import { decisionAt } from "./decision-at.ts";
import { digestRows } from "./digest.ts";
import { driftHistory, findReference, latestDrift, listReferences, listVersions } from "./drift.ts";
import { gateEvidence, gateHistory, latestEvidence, listMutes, listOverrides, readPolicy } from "./gates.ts";
import { listPipelines, pipelineNames, readPipeline } from "./pipelines.ts";
import { listQuality } from "./quality.ts";
import { listRuns, readRun } from "./runs.ts";
import { readSchemas } from "./schemas.ts";
import { pipelinesWithResults, runMeaningSince, slaCounts } from "./sla.ts";

/**
 * The read side over pools of its own, so that a slow question keeps no report waiting. What gates are answered from, by key, comes
 * from `gates`; where that is another pool, no list keeps a gate waiting either.
 */
export function postgresReader(db: pg.Pool, gates: pg.Pool = db): Reader {
  return {
    slaCounts: (query) => guard(() => slaCounts(db, query)),
    pipelinesWithResults: (spans) => guard(() => pipelinesWithResults(db, spans)),
    runMeaningSince: () => guard(() => runMeaningSince(db)),
    listRuns: (filter) => guard(() => listRuns(db, filter)),
    readRun: (pipeline_name, run_id) => guard(() => readRun(db, pipeline_name, run_id)),
    listPipelines: (filter) => guard(() => listPipelines(db, filter)),
    pipelineNames: () => guard(() => pipelineNames(db)),
    readPipeline: (pipeline_name) => guard(() => readPipeline(db, pipeline_name)),
    listQuality: (filter) => guard(() => listQuality(db, filter)),
    latestDrift: (pipeline_name) => guard(() => latestDrift(db, pipeline_name)),
    driftHistory: (filter) => guard(() => driftHistory(db, filter)),
    listReferences: (pipeline_name) => guard(() => listReferences(db, pipeline_name)),
    readSchemas: (pipeline_name, dataset) => guard(() => readSchemas(db, pipeline_name, dataset)),
    digestRows: (filter) => guard(() => digestRows(db, filter)),
    gateEvidence: (ask) => guard(() => gateEvidence(gates, ask)),
    latestEvidence: (asks, now) => guard(() => latestEvidence(gates, asks, now)),
    decisionAt: (pipeline_name, run_id, at) => guard(() => decisionAt(db, pipeline_name, run_id, at)),
    gateHistory: (filter) => guard(() => gateHistory(db, filter)),
    listOverrides: (pipeline_name, after, limit) => guard(() => listOverrides(db, pipeline_name, after, limit)),
    readPolicy: (policy_version) => guard(() => readPolicy(gates, policy_version)),
    listMutes: (now) => guard(() => listMutes(gates, now)),
    findReference: (pipeline_name, feature_name, version) =>
      guard(() => findReference(db, pipeline_name, feature_name, version)),
    listVersions: (filter) => guard(() => listVersions(db, filter)),
  };
}

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error);
  }
}
