import Type from "typebox";
import { compileCheck } from "../contract/check.ts";
import { Name } from "../contract/fields.ts";
import { ALERT_GATES, type AlertGate, type GateAlert } from "../domain/gate/gate-alert.ts";
import { nfc } from "../domain/words/nfc.ts";
import { cleanText, saidText } from "../domain/words/text.ts";
import { parseTime } from "../domain/words/time.ts";
import { type FieldError, SluiceError } from "../errors.ts";

const Labels = Type.Record(Type.String(), Type.String(), { description: "labels, each a text" });

const Alert = Type.Object(
  {
    status: Type.Enum(["firing", "resolved"], { description: "firing or resolved" }),
    labels: Labels,
    annotations: Type.Optional(Labels),
    startsAt: Type.String({ description: "an RFC 3339 time" }),
    fingerprint: Type.String({ minLength: 1, maxLength: 200, description: "a text of 1 to 200 characters" }),
  },
  { description: "an alert" },
);

/** As Alertmanager sends it; it may say more than is looked at here. */
export const AlertmanagerBody = Type.Object({
  version: Type.Enum(["4"], { description: '"4", the version of Alertmanager\'s webhook' }),
  alerts: Type.Array(Alert, { description: "a list of alerts" }),
});

type Alert = Type.Static<typeof Alert>;

const checkBody = compileCheck(AlertmanagerBody);
const checkName = compileCheck(Name);

export interface ReadAlerts {
  alerts: GateAlert[];
  /** Alerts without the labels pipeline_name and gate: they are not about a gate. */
  ignored: number;
}

/** The alerts of a webhook of version 4 that ask for a gate. */
export function readAlertmanager(body: unknown): ReadAlerts {
  const errors = checkBody(body);
  if (errors !== null) throw refused(errors);
  const { alerts } = body as { alerts: Alert[] };
  const wanted = alerts
    .map((alert, index) => ({ alert, path: `alerts[${index}]` }))
    .filter(({ alert }) => asksForGate(alert));
  return { alerts: wanted.map(({ alert, path }) => gateAlert(alert, path)), ignored: alerts.length - wanted.length };
}

function asksForGate({ labels }: Alert): boolean {
  return labels.pipeline_name !== undefined && ALERT_GATES.some((gate) => gate === labels.gate);
}

function gateAlert({ status, labels, annotations, startsAt, fingerprint }: Alert, path: string): GateAlert {
  const starts_at = parseTime(startsAt);
  if (starts_at === null) {
    throw refused([
      { path: `${path}.startsAt`, message: `${JSON.stringify(startsAt)} given; must be an RFC 3339 time` },
    ]);
  }
  const pipeline_name = labels.pipeline_name!;
  const wrong = checkName(pipeline_name);
  if (wrong !== null) throw refused(wrong.map(({ message }) => ({ path: `${path}.labels.pipeline_name`, message })));
  const summary = annotations?.summary ?? annotations?.description;
  return {
    pipeline_name: nfc(pipeline_name),
    fingerprint: cleanText(fingerprint),
    alertname: cleanText(labels.alertname ?? "alert"),
    gate: labels.gate as AlertGate,
    summary: summary === undefined ? null : saidText(summary),
    starts_at,
    resolved: status === "resolved",
  };
}

function refused(errors: FieldError[]): SluiceError {
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return new SluiceError("invalid_body", detail, { errors });
}
