import type { GateAlert } from "../../domain/gate/gate-alert.ts";
import { join } from "../../domain/words/key.ts";
import { changeGates, type DecideDeps } from "./decide/decide-again.ts";

export interface AlertDeps extends DecideDeps {
  /** How often Alertmanager repeats what still fires, milliseconds. An alert of which nothing was heard for twice as long has ended. */
  repeat_interval: () => number;
}

/** Keeps what was said of the alerts and decides the gates they are about. Said again, late or in another order it ends the same. */
export async function takeAlerts(deps: AlertDeps, alerts: readonly GateAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const names = [...new Set(alerts.map(({ pipeline_name }) => pipeline_name))];
  await changeGates(deps, names, "alert", async (tx, pipelines, now) => {
    const received = merged(alerts).map(({ pipeline_name, ...alert }) => ({
      ...alert,
      pipeline_id: pipelines.get(pipeline_name)!.pipeline_id,
      heard_at: now,
      expires_at: now + 2 * deps.repeat_interval(),
    }));
    await tx.saveAlerts(received);
  });
}

/** One word for each episode: that it is resolved outweighs that it fires. */
function merged(alerts: readonly GateAlert[]): GateAlert[] {
  const episodes = new Map<string, GateAlert>();
  for (const alert of alerts) {
    const key = join(alert.pipeline_name, alert.fingerprint, alert.starts_at);
    const known = episodes.get(key);
    if (known === undefined || alert.resolved) episodes.set(key, alert);
  }
  return [...episodes.values()];
}
