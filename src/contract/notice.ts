import Type from "typebox";

const Nullable = (type: "string" | "number" | "integer") =>
  Type.Unsafe<string | number | null>({ type: [type, "null"] });
/** What becomes of a notice: it waits, a channel has taken it, or it is given up and says why. */
const States = ["pending", "sent", "dead"] as const;

export const NoticeId = Type.String({
  pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
  description: "the notice_id of an answer",
});

export const NoticeStateQuery = Type.Enum([...States], { description: `one of ${States.join(", ")}` });

/** One message to one channel. */
export const NoticeAnswer = Type.Object({
  notice_id: Type.String(),
  kind: Type.String({ description: "opened, again, updated, reminder, flapping, resolved, digest or test" }),
  pipeline_name: Nullable("string"),
  code: Nullable("string"),
  severity: Type.String(),
  state: Type.Enum([...States]),
  channel: Type.String(),
  title: Type.String(),
  created_at: Type.String(),
  sent_at: Nullable("string"),
  attempts: Type.Integer(),
  next_attempt_at: Nullable("string"),
  last_error: Nullable("string"),
});

export const QueuedAnswer = Type.Object({ notice_id: Type.String() });

export const TestNoticeBody = Type.Object(
  { channel: Type.String({ minLength: 1, maxLength: 64, description: "the name of a channel" }) },
  { additionalProperties: false, description: "an object with channel" },
);
