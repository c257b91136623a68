import type { Cron } from "../adapters/cron/cron.ts";
import type { MetricsRecorder } from "../adapters/metrics/domain/recorder.ts";
import type { Clock, Log, Store } from "../ports.ts";
import { foldingSla } from "../service/clock/fold-sla.ts";
import { retain } from "../service/clock/retain.ts";
import type { AcceptReports } from "../service/commit/accept-reports.ts";
import { closeWindows } from "../service/drift/close-windows.ts";
import type { driftSettingsOf } from "../service/drift/drift-settings.ts";
import { SlaGauges, type SlaRateReader } from "../service/sla/sla-gauges.ts";
import type { Gates } from "./gates.ts";
import type { Replicas } from "./replicas/replicas.ts";
import type { LiveSettings } from "./settings.ts";

const SLA_RATES_EVERY_MS = 60_000;
const CLOSE_WINDOWS_EVERY_MS = 5_000;
const SWEEP_GATES_EVERY_MS = 1_000;
const SHOW_DOUBTFUL_EVERY_MS = 1_000;
const FOLD_SLA_EVERY_MS = 1_000;

export interface ClockWork {
  cron: Cron;
  store: Store;
  settings: LiveSettings;
  sums: SlaRateReader;
  replicas: Pick<Replicas, "duty" | "shows">;
  recorder: MetricsRecorder;
  gates: Gates;
  accept: Pick<AcceptReports, "showDoubtful">;
  driftSettings: ReturnType<typeof driftSettingsOf>;
  clock: Clock;
}

/** What is done because time has passed, from when the agent is ready. */
export function startClock(work: ClockWork): void {
  const { cron, store, settings, sums, replicas, recorder, gates, accept, driftSettings, clock } = work;
  const { duty } = replicas;
  const slaGauges = new SlaGauges({ reader: sums, targets: () => settings.now.sla, metrics: recorder });
  gates.tell(slaGauges);
  cron.every(
    SLA_RATES_EVERY_MS,
    "SLA rates",
    duty(() => slaGauges.show(clock.now())),
  );
  cron.every(FOLD_SLA_EVERY_MS, "SLA rollups", duty(foldingSla({ store, clock })));
  cron.every(
    CLOSE_WINDOWS_EVERY_MS,
    "drift windows",
    duty(() => closeWindows({ ...gates.duty, driftSettings })),
  );
  cron.every(SWEEP_GATES_EVERY_MS, "gates", duty(gates.sweep));
  cron.every(SHOW_DOUBTFUL_EVERY_MS, "pipelines in doubt", async () => accept.showDoubtful());
}

/** Forgets what is older than the configuration keeps. */
export function startRetention({ cron, replicas, store, clock, log, retention }: Retention): Promise<void> {
  return cron.hourly(
    "retention",
    replicas.duty(() => retain({ store, clock, log, retention })),
  );
}

interface Retention {
  cron: Cron;
  replicas: Pick<Replicas, "duty">;
  store: Store;
  clock: Clock;
  log: Log;
  /** Milliseconds. */
  retention: number;
}
