import type pg from "pg";
import { bodyChunks } from "../../src/adapters/metrics/body.ts";
import { MetricsRecorder } from "../../src/adapters/metrics/domain/recorder.ts";
import { Exposition } from "../../src/adapters/metrics/exposition/exposition.ts";
import { PostgresStore } from "../../src/adapters/postgres/store.ts";
import { DEFAULT_DRIFT } from "../../src/domain/drift/drift.ts";
import type { ReportKind } from "../../src/domain/reports/report.ts";
import { reportKey } from "../../src/http/bodies/canonical.ts";
import { readReport } from "../../src/intake/native/native.ts";
import type { Clock, Store } from "../../src/ports.ts";
import { AcceptReports } from "../../src/service/commit/accept-reports.ts";
import type { CommitDeps } from "../../src/service/commit/commit-deps.ts";
import type { Outcome, Submission } from "../../src/service/commit/submission.ts";
import { SILENT } from "./database.ts";
import { gateDeps } from "./gates.ts";

/** Noon of a fixed day. */
export const NOON = Date.UTC(2026, 10, 20, 12);
const YEAR = 366 * 86_400_000;

export interface Sent {
  kind: ReportKind;
  id?: string;
  pipeline_name: string;
  [field: string]: unknown;
}

interface Surroundings {
  clock?: Clock;
  driftSettings?: CommitDeps["driftSettings"];
  gates?: ReturnType<typeof gateDeps>;
}

/** The write path over a real store, without HTTP: reports as they are sent, outcomes as they are answered. */
export class TestAcceptor {
  readonly store: Store;
  readonly recorder: MetricsRecorder;
  readonly #accept: AcceptReports;
  readonly #exposition: Exposition;
  readonly #clock: Clock;
  #runs = 0;

  /** It is always noon, and no feature has settings of its own, unless said otherwise. */
  constructor(
    place: pg.Pool | Store,
    { clock = { now: () => NOON }, driftSettings = () => DEFAULT_DRIFT, gates = gateDeps() }: Surroundings = {},
  ) {
    this.#clock = clock;
    this.store = "transaction" in place ? place : new PostgresStore(place);
    this.#exposition = new Exposition({ clock, birth_hold: 0, series_cap: 1_000_000, onDropped() {} });
    this.recorder = new MetricsRecorder(this.#exposition, (error) => {
      throw error;
    });
    this.#accept = new AcceptReports({
      store: this.store,
      afterCommit: this.recorder,
      telemetry: { commit: (_reports, _traces, work) => work(), reports() {} },
      clock,
      log: SILENT,
      driftSettings,
      ...gates,
      newRunId: () => `auto-${++this.#runs}`,
      limits: { commit: 2000, queue: 50_000 },
    });
  }

  send(...reports: Sent[]): Promise<Outcome[]> {
    const now = this.#clock.now();
    return this.#accept.submit(reports.map((sent) => submission(sent, now)));
  }

  /** The domain's part of /metrics, as a map from series to value. */
  async metrics(): Promise<Map<string, number>> {
    return seriesOf(this.#exposition);
  }
}

export async function restored(store: Pick<Store, "restore">): Promise<Map<string, number>> {
  const clock = { now: () => NOON };
  const exposition = new Exposition({ clock, birth_hold: 0, series_cap: 1_000_000, onDropped() {} });
  const recorder = new MetricsRecorder(exposition, (error) => {
    throw error;
  });
  for await (const part of store.restore()) recorder.observe(part);
  return seriesOf(exposition);
}

async function seriesOf(exposition: Exposition): Promise<Map<string, number>> {
  const chunks: Buffer[] = [];
  for await (const chunk of bodyChunks(exposition)) chunks.push(Buffer.from(chunk));
  const lines = Buffer.concat(chunks).toString().split("\n");
  const samples = lines
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => /^(.*\S)\s+(\S+)$/.exec(line)!);
  return new Map(
    samples.map(([, series, value]) => [series!, Number(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export function submission({ kind, id, ...body }: Sent, now = NOON): Submission {
  const report = readReport(kind, body, { now, oldest: now - YEAR });
  return { report, key: id === undefined ? null : reportKey("", id, kind, body), key_name: "" };
}
