import type { Cron } from "../adapters/cron/cron.ts";
import type { MetricsRecorder } from "../adapters/metrics/domain/recorder.ts";
import type { Clock, Log, Reader, Store } from "../ports.ts";
import { retain } from "../service/clock/retain.ts";
import type { AcceptReports } from "../service/commit/accept-reports.ts";
import { closeWindows } from "../service/drift/close-windows.ts";
import type { driftSettingsOf } from "../service/drift/drift-settings.ts";
import { slaRates } from "../service/sla/publish-sla-rates.ts";
import type { Gates } from "./gates.ts";
import type { LiveSettings } from "./settings.ts";

const SLA_RATES_EVERY_MS = 60_000;
const CLOSE_WINDOWS_EVERY_MS = 5_000;
const SWEEP_GATES_EVERY_MS = 1_000;

export interface ClockWork {
  cron: Cron;
  settings: LiveSettings;
  sums: Pick<Reader, "slaCounts">;
  recorder: MetricsRecorder;
  gates: Gates;
  accept: Pick<AcceptReports, "showDoubtful">;
  driftSettings: ReturnType<typeof driftSettingsOf>;
  clock: Clock;
}

/** What is done because time has passed, from when the agent is ready. */
export function startClock({ cron, settings, sums, recorder, gates, accept, driftSettings, clock }: ClockWork): void {
  cron.every(SLA_RATES_EVERY_MS, "SLA rates", async () =>
    recorder.setSlaRates(await slaRates(sums, settings.now.sla, clock.now())),
  );
  cron.every(CLOSE_WINDOWS_EVERY_MS, "drift windows", () => closeWindows({ ...gates.decide, driftSettings }));
  cron.every(SWEEP_GATES_EVERY_MS, "gates", async () => {
    accept.showDoubtful();
    await gates.sweep();
  });
}

/** Forgets what is older than the configuration keeps. */
export function startRetention({ cron, store, clock, log, retention }: Retention): Promise<void> {
  return cron.hourly("retention", () => retain({ store, clock, log, retention }));
}

interface Retention {
  cron: Cron;
  store: Store;
  clock: Clock;
  log: Log;
  /** Milliseconds. */
  retention: number;
}
