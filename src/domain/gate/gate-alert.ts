/** The values of an alert's label `gate`: the most that the alert may do to the decision. */
export const ALERT_GATES = ["block", "warn"] as const;

export type AlertGate = (typeof ALERT_GATES)[number];

/** One episode of an alert that asks for a gate, as Alertmanager reports it. */
export interface GateAlert {
  pipeline_name: string;
  /** Names the alert by its labels. */
  fingerprint: string;
  alertname: string;
  gate: AlertGate;
  summary: string | null;
  /** When the episode began, milliseconds. */
  starts_at: number;
  resolved: boolean;
}
