import { Counter, Gauge, Registry } from "prom-client";
import type { ReportKind } from "../../../domain/reports/report.ts";
import { FAMILY_NAMES, type FamilyName } from "../names.ts";
import { addProcessMetrics } from "./process-metrics.ts";

const KINDS = Object.keys({
  run: 0,
  records: 0,
  quality: 0,
  latency: 0,
  freshness: 0,
  drift: 0,
  schema: 0,
  unknown: 0,
} satisfies Record<ReportKind | "unknown", 0>);
const OUTCOMES = ["accepted", "duplicate", "rejected"] as const;

export type ReportOutcome = (typeof OUTCOMES)[number];

/** Read when Prometheus asks. */
export interface Readings {
  /** Reports waiting for their commit. */
  queue_reports(): number;
  /** Time series of the domain's families, and how many there may be. */
  series(): number;
  series_cap(): number;
  store_up(): boolean;
  /** Agents on the database, with this one. */
  agents(): number;
  /** This one does what only one may do, and shows the metrics of pipelines. */
  lease_held(): boolean;
  /** Requests that wait for the decision of a gate. */
  gate_waiters(): number;
  /** The last reading of the configuration succeeded. */
  config_right(): boolean;
  /** Absent: no channel is configured. */
  notices?: NoticeReadings | undefined;
}

export interface NoticeReadings {
  /** Names of the channels. */
  channels: readonly string[];
  pending(): number;
  /** Seconds since the oldest of them was made; 0: none waits. */
  oldest_pending_seconds(): number;
}

const NOTICE_OUTCOMES = ["sent", "retried", "dead"] as const;

export type NoticeOutcome = (typeof NOTICE_OUTCOMES)[number];

/** The agent's own fixed metrics, in a registry of their own; every label value is there at 0 from the start. */
export interface AgentMetrics {
  readonly registry: Registry;
  /** `unknown`: refused before its kind was known. */
  reports(kind: ReportKind | "unknown", outcome: ReportOutcome, count: number): void;
  dropped(family: FamilyName, series: number): void;
  /** Counts an observation that failed. */
  observeFailed(): void;
  notice(channel: string, outcome: NoticeOutcome): void;
  /** Registers readings that are taken when Prometheus asks; a reading that no part has registered is 0. */
  read(more: Partial<Omit<Readings, "notices">>): void;
  /** Again where there are other channels: those that are new stand there at 0. */
  readNotices(readings: NoticeReadings): void;
}

/** `off`: names of families, of the domain or of the process, that are not shown. */
export function createAgentMetrics(
  version: string,
  first: Partial<Readings> = {},
  off: readonly string[] = [],
): AgentMetrics {
  const readings: Partial<Readings> = { ...first };
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "sluice_build_info",
    help: "1; the labels say what runs.",
    labelNames: ["version"],
    registers,
  }).set({ version }, 1);
  const reports = new Counter({
    name: "sluice_reports_total",
    help: "Reports taken in, by what became of them.",
    labelNames: ["kind", "outcome"],
    registers,
  });
  for (const kind of KINDS) for (const outcome of OUTCOMES) reports.inc({ kind, outcome }, 0);
  const dropped = new Counter({
    name: "sluice_series_dropped_total",
    help: "Time series that found no room under the cap: counters and histograms are folded into _other, gauges are not shown.",
    labelNames: ["family"],
    registers,
  });
  for (const family of FAMILY_NAMES) if (!off.includes(family)) dropped.inc({ family }, 0);
  const failures = new Counter({
    name: "sluice_observe_failures_total",
    help: "Committed changes that could not be shown as metrics.",
    registers,
  });
  reading("sluice_queue_reports", "Reports waiting for their commit.", () => readings.queue_reports?.());
  reading("sluice_series", "Time series of pipelines, as Prometheus counts them.", () => {
    return readings.series?.();
  });
  reading("sluice_series_cap", "How many of them there may be: metrics.series_cap.", () => readings.series_cap?.());
  reading("sluice_store_up", "1 while the store answers.", () => Number(readings.store_up?.() ?? 0));
  reading("sluice_agents", "Agents that work on the database, as this one heard last.", () => readings.agents?.());
  reading(
    "sluice_lease_held",
    "1 on the agent that shows the metrics of pipelines and does what only one may do.",
    () => Number(readings.lease_held?.() ?? 0),
  );
  reading("sluice_gate_waiters", "Requests that wait for a gate's decision.", () => readings.gate_waiters?.());
  reading("sluice_config_last_reload_successful", "1 where the configuration was right when it was last read.", () =>
    Number(readings.config_right?.() ?? 0),
  );
  const notices = new Counter({
    name: "sluice_notices_total",
    help: "Attempts to send a notice, by what became of them.",
    labelNames: ["channel", "outcome"],
    registers,
  });
  let noticesRead = false;
  if (first.notices !== undefined) readNotices(first.notices);
  addProcessMetrics(registry, off);
  return {
    registry,
    reports: (kind, outcome, count) => reports.inc({ kind, outcome }, count),
    dropped: (family, series) => dropped.inc({ family }, series),
    observeFailed: () => failures.inc(),
    notice: (channel, outcome) => notices.inc({ channel, outcome }),
    read: (more) => void Object.assign(readings, more),
    readNotices,
  };

  function readNotices({ channels, pending, oldest_pending_seconds }: NoticeReadings): void {
    for (const channel of channels) for (const outcome of NOTICE_OUTCOMES) notices.inc({ channel, outcome }, 0);
    if (noticesRead) return;
    noticesRead = true;
    reading("sluice_notices_pending", "Notices that are neither sent nor given up.", pending);
    reading(
      "sluice_notices_oldest_pending_seconds",
      "How long the oldest of them has been waiting.",
      oldest_pending_seconds,
    );
  }

  function reading(name: string, help: string, read: () => number | undefined): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read() ?? 0);
      },
    });
  }
}
