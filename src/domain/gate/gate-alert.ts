/** What an alert that asks for a gate says of one of its episodes. */
export interface GateAlert {
  pipeline_name: string;
  /** Names the alert by its labels. */
  fingerprint: string;
  alertname: string;
  gate: "block" | "warn";
  summary: string | null;
  /** When the episode began, milliseconds. */
  starts_at: number;
  resolved: boolean;
}
