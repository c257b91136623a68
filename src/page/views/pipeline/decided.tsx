import type { ShownGate, ShownReason } from "../../api/types.ts";
import { Ago, Moment } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { StateIcon, StateMark } from "../../parts/state-mark.tsx";
import { now } from "../../state/clock.ts";
import { meaningOf } from "../../text/decisions.ts";
import { figure, figureBeside } from "../../text/numbers.ts";
import { until } from "../../text/time.ts";

/** The decision, what it means and its reasons, in sentences. */
export function Decided({ gate }: { gate: ShownGate }) {
  const { decision, run_id, decided_at, evidence_at, override, reasons } = gate;
  return (
    <section class={`decided ${decision}`} aria-label="Decision">
      <p class="decision">
        <StateMark decision={decision} large />
        <span>Work that needs this data {meaningOf(gate)}.</span>
      </p>
      {override !== null && (
        <p class="override-note">
          <strong>Overridden to {override.decision}</strong> by <Name>{override.actor}</Name>, until{" "}
          <Moment at={override.expires_at} /> ({until(override.expires_at, now.value)}): <bdi>{override.reason}</bdi>
        </p>
      )}
      {override !== null && reasons.length > 0 && <p>Without the override these would decide:</p>}
      {reasons.length > 0 ? (
        <ul class="reasons">
          {reasons.map((reason) => (
            <li key={`${reason.code} ${reason.subject}`}>
              <ReasonLine reason={reason} />
            </li>
          ))}
        </ul>
      ) : (
        decision === "pass" && override === null && <p>Everything that its policy asks for holds.</p>
      )}
      <p class="hint">
        {run_id === null ? (
          "No run has ended yet"
        ) : (
          <>
            About run <Name>{run_id}</Name>
          </>
        )}
        {decided_at !== null && (
          <>
            , decided <Ago at={decided_at} />
          </>
        )}
        {evidence_at !== null && (
          <>
            , from evidence of <Ago at={evidence_at} />
          </>
        )}
        .
      </p>
    </section>
  );
}

function ReasonLine({ reason }: { reason: ShownReason }) {
  const { code, severity, detail, observed, threshold } = reason;
  return (
    <>
      <StateIcon decision={severity} />
      <span class="reason">
        <span class="hidden">{severity}: </span>
        <bdi>{detail}</bdi>
        <span class="reason-facts">
          <code>{code}</code>
          {observed !== null && observed !== undefined && <span>observed {shown(observed, threshold)}</span>}
          {threshold !== null && threshold !== undefined && <span>threshold {shown(threshold)}</span>}
        </span>
      </span>
    </>
  );
}

function shown(value: number | string, limit?: number | string | null): string {
  if (typeof value !== "number") return value;
  return typeof limit === "number" ? figureBeside(value, limit) : figure(value);
}
