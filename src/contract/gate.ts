import Type, { type TSchema } from "typebox";
import { Actor, DurationText, Name, RunId, Time } from "./fields.ts";

/** Wire shapes of the gate. The description of a field is the second half of its error message. */

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Text = Type.String();
const When = Type.String({ format: "date-time" });

export const Reason = Type.String({
  minLength: 1,
  maxLength: 8192,
  pattern: "\\S",
  description: "why: a text of 1 to 8192 characters",
});

const expiry = {
  expires_in: Type.Optional(DurationText),
  expires_at: Type.Optional(Time),
};

export const OverrideBody = Type.Object(
  {
    decision: Type.Enum(["pass", "block"], { description: "pass or block" }),
    reason: Reason,
    actor: Actor,
    run_id: Type.Optional(RunId),
    ...expiry,
  },
  { additionalProperties: false, description: "an override" },
);

export const InvalidateBody = Type.Object(
  { actor: Actor, reason: Reason },
  { additionalProperties: false, description: "an actor and a reason" },
);

export const MuteBody = Type.Object(
  {
    pipeline_name: Type.Optional(Name),
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: "the code of a reason" })),
    reason: Reason,
    actor: Actor,
    ...expiry,
  },
  { additionalProperties: false, description: "a mute" },
);

export const EvaluateBody = Type.Object(
  {
    policy: Type.Optional(
      Type.Object({}, { description: "a policy, as an entry of gate.policies has it; without it the one in force" }),
    ),
    run_id: Type.Optional(RunId),
    at: Type.Optional(Time),
    while_running: Type.Optional(Type.Boolean({ description: "true or false" })),
  },
  { additionalProperties: false, description: "a policy" },
);

export const ReasonAnswer = Type.Object({
  code: Text,
  severity: Type.Enum(["block", "pending", "unknown", "warn"]),
  subject: Nullable(Text),
  observed: Nullable(Type.Number()),
  threshold: Nullable(Type.Number()),
  detail: Text,
});

export const OverrideAnswer = Type.Object({
  override_id: Text,
  decision: Type.Enum(["pass", "block"]),
  reason: Text,
  actor: Text,
  run_id: Nullable(Text),
  created_at: When,
  expires_at: When,
});

export const OverrideRowAnswer = Type.Object({
  ...OverrideAnswer.properties,
  ended_at: Nullable(When),
  ended_by: Nullable(Text),
});

const decision = {
  decision: Type.Enum(["pass", "warn", "block", "pending", "unknown"]),
  allowed: Type.Boolean(),
  run_id: Nullable(Text),
  decision_id: Text,
};

export const GateAnswer = Type.Object({
  pipeline_name: Text,
  ...decision,
  decided_at: When,
  evidence_at: Nullable(When),
  policy_version: Text,
  reasons: Type.Array(ReasonAnswer),
  override: Nullable(OverrideAnswer),
  team: Nullable(Text),
  depends_on: Type.Array(Text),
});

export const TransitionAnswer = Type.Object({
  pipeline_name: Text,
  ...decision,
  from_decision: Nullable(Text),
  cause: Text,
  at: When,
  evidence_at: Nullable(When),
  policy_version: Text,
  reasons: Type.Array(ReasonAnswer),
  override: Nullable(OverrideAnswer),
  evidence: Type.Object({}),
});

export const PolicyAnswer = Type.Object({ policy_version: Text, policy: Type.Object({}) });

export const MuteAnswer = Type.Object({
  mute_id: Text,
  pipeline_name: Nullable(Text),
  code: Nullable(Text),
  reason: Text,
  actor: Text,
  created_at: When,
  expires_at: When,
});

export const AlertsAnswer = Type.Object({ accepted: Type.Integer(), ignored: Type.Integer() });

export const InvalidatedAnswer = Type.Object({ pipeline_name: Text, run_id: Text, already: Type.Boolean() });

/** For bodies that only end something. */
export const ActorQuery = Type.Object({ actor: Type.Optional(Actor) }, { additionalProperties: false });
