import type pg from "pg";
import { isChange } from "../../../domain/commit/change.ts";
import { nothingCommitted } from "../../../domain/commit/committed.ts";
import { eager } from "../../../ports/eager.ts";
import type { StoreTx } from "../../../ports.ts";
import { queryOf } from "../connection/query.ts";
import {
  activateReference,
  activeReferences,
  deactivateReference,
  findReference,
  latestHistogram,
  referencesById,
  saveReferences,
} from "../drift/references.ts";
import { dropOpenWindows, loadWindows, saveWindows } from "../drift/windows.ts";
import { loadGates, saveGates, savePolicies } from "../gate/gates.ts";
import { gaugesOf } from "../gate/gauges.ts";
import { addOverride, archivePipelines, endOverride, saveAlerts } from "../gate/operations.ts";
import { saveTroubles } from "../notices/troubles.ts";
import { TELL_CHANGE } from "../replicas/changes.ts";
import { leaseLost } from "../replicas/guard.ts";
import { HOLDS_LEASE } from "../replicas/lease.ts";
import type { Writer } from "../replicas/writer.ts";
import { carryVerdicts } from "../runs/carry-verdicts.ts";
import { invalidateRun } from "../runs/invalidate.ts";
import { loosenRuns } from "../runs/loosen-runs.ts";
import { placeEvidence } from "../runs/place-evidence.ts";
import { evidenceAround, reseatEvidence } from "../runs/reseat-evidence.ts";
import { runSpans } from "../runs/run-spans.ts";
import { endedRuns, loadRunless, loadRuns, reserveRunKeys, saveRuns } from "../runs/runs.ts";
import { endSchemaBaseline, schemaOfRun, setSchemaBaseline } from "../schema/baselines.ts";
import { saveSla } from "../sla/sla.ts";
import { insertSlaEvents } from "../sla/sla-events.ts";
import { statement } from "../statement/statement.ts";
import { TABLES } from "../tables/kinds.ts";
import { saveRejected } from "../tables/rejected.ts";
import type { NameTable } from "./names.ts";
import { lockPipelines, savePipelines } from "./pipelines.ts";
import { admitReports, type RepeatedIds, saveAnswers } from "./report-ids.ts";

export const BEGIN = statement("begin", {}, "BEGIN");
export const COMMIT = statement("commit", {}, "COMMIT");

export interface TxOptions {
  pipelines: NameTable;
  names: NameTable;
  repeatedIds: RepeatedIds;
  member: Writer;
  /** The number of the lease that it needs; null: it is none of its holder's duties. */
  lease: number | null;
}

/** The statements of one transaction on one connection, which it begins. */
export function storeTx(
  client: pg.ClientBase,
  { pipelines, names, repeatedIds, member, lease }: TxOptions,
): { tx: StoreTx; committed: () => boolean } {
  const query = queryOf(client);
  const { standing } = member;
  let ended = false;
  // Not waited for: it travels with the first statement, and where it fails that one fails too.
  query(BEGIN, []);
  const tx: StoreTx = {
    async lockPipelines(pipelineNames) {
      const holds = lease === null ? 1 : query.count(HOLDS_LEASE, [lease]);
      const refusal = (fence: number) => member.refusal(fence);
      const locked = eager(lockPipelines(query, pipelines, pipelineNames, standing, refusal));
      if ((await holds) === 0) throw leaseLost();
      return locked;
    },
    admit: (keys, now) => admitReports(query, repeatedIds, keys, now),
    loadRuns: (refs, keys) => loadRuns(query, pipelines, refs, keys),
    loadRunless: (asked) => loadRunless(query, pipelines, asked),
    loosenRuns: (pipeline_ids) => loosenRuns(query, pipeline_ids),
    runSpans: (asked) => runSpans(query, asked),
    evidenceAround: (asked) => evidenceAround(query, asked),
    placeEvidence: (entries) => placeEvidence(query, entries),
    reseatEvidence: (pipeline, reseated) => reseatEvidence(query, pipeline, reseated),
    reserveRunKeys: (count) => reserveRunKeys(query, count),
    saveRuns: (entries) => saveRuns(query, pipelines, entries),
    endedRuns: (pipeline, limit) => endedRuns(query, pipeline, limit),
    saveRejected: (rejections, new_runs, now) => saveRejected(query, rejections, new_runs, now),
    savePipelines: (rows) => savePipelines(query, rows),
    saveAnswers: (answers) => saveAnswers(query, answers),
    gauges: (rows) => gaugesOf(query, rows),
    activeReferences: (refs) => activeReferences(query, names, refs),
    saveReferences: (references, now) => saveReferences(query, names, references, now),
    activateReference: (ref, id, now) => activateReference(query, names, ref, id, now),
    deactivateReference: (ref) => deactivateReference(query, names, ref),
    findReference: (ref, version) => findReference(query, names, ref, version),
    referencesById: (ids) => referencesById(query, ids),
    loadWindows: (refs) => loadWindows(query, names, refs),
    saveWindows: (rows) => saveWindows(query, names, rows),
    carryVerdicts: (runs) => carryVerdicts(query, names, runs),
    saveTroubles: (changes, now) => saveTroubles(query, changes, now),
    dropOpenWindows: (ref) => dropOpenWindows(query, names, ref),
    latestHistogram: (ref, run_id) => latestHistogram(query, names, ref, run_id),
    schemaOfRun: (ref, run_id) => schemaOfRun(query, names, ref, run_id),
    setSchemaBaseline: (ref, baseline) => setSchemaBaseline(query, names, ref, baseline),
    endSchemaBaseline: (ref, by) => endSchemaBaseline(query, names, ref, by),
    loadGates: (rows, now) => loadGates(query, rows, now),
    saveGates: (rows) => saveGates(query, rows),
    savePolicies: (policies, now) => savePolicies(query, policies, now),
    saveAlerts: (alerts) => saveAlerts(query, alerts),
    addOverride: (pipeline_id, override, key_name, most) => addOverride(query, pipeline_id, override, key_name, most),
    endOverride: (pipeline_id, id, actor, now) => endOverride(query, pipeline_id, id, actor, now),
    invalidateRun: (pipeline_id, run_id, by) => invalidateRun(query, pipeline_id, run_id, by),
    archivePipelines: (pipeline_ids, now) => archivePipelines(query, pipeline_ids, now),
    async saveTally(tally, now) {
      const saving = { query, pipelines, names, now };
      const [shown] = await Promise.all([
        Promise.all(Object.values(TABLES).map((table) => table.save(saving, tally))),
        saveSla(query, pipelines, names, tally),
        insertSlaEvents(query, pipelines, names, tally.sla_events, now),
      ]);
      const committed = nothingCommitted();
      for (const one of shown) Object.assign(committed, one);
      return committed;
    },
    async commit(change) {
      ended = true;
      if (standing.tells && isChange(change)) query(TELL_CHANGE, [standing.agent_id, JSON.stringify(change)]);
      await query(COMMIT, []);
    },
  };
  return { tx, committed: () => ended };
}
