import type { NoticeMessage } from "../../domain/notices/words/message.ts";
import { SluiceError } from "../../errors.ts";
import type { Clock, NoticeRow, NoticeStore } from "../../ports.ts";

export interface SendNoticeDeps {
  notices: NoticeStore;
  clock: Clock;
  /** Names of the configured channels. */
  channels: () => readonly string[];
  newId: () => string;
  /** Called when something is in the outbox. */
  wake: () => void;
}

/** How long a notice that a person sends again is retried. */
const TRY_FOR = 86_400_000;

/** Sends a notice again; the trouble it is about may be over. */
export async function resendNotice(
  deps: SendNoticeDeps,
  notice_id: string,
  allowed: string[] | null,
): Promise<NoticeRow> {
  const now = deps.clock.now();
  const row = await deps.notices.resend(notice_id, allowed, now, now + TRY_FOR);
  if (row === null) throw new SluiceError("not_found", `notice_id: there is no notice ${JSON.stringify(notice_id)}`);
  deps.wake();
  return row;
}

/** Sends a test notice to a channel; the state of the notice shows whether it arrived. */
export async function sendTestNotice(deps: SendNoticeDeps, channel: string): Promise<string> {
  const channels = deps.channels();
  if (!channels.includes(channel)) {
    const known = channels.length === 0 ? "none is configured" : `they are ${channels.join(", ")}`;
    throw new SluiceError("not_found", `channel: there is no channel ${JSON.stringify(channel)}; ${known}`);
  }
  const now = deps.clock.now();
  const notice_id = deps.newId();
  await deps.notices.add(
    [{ notice_id, channel, message: testMessage(channel, now), pipeline_names: [], once: null }],
    now,
  );
  deps.wake();
  return notice_id;
}

function testMessage(channel: string, now: number): NoticeMessage {
  return {
    kind: "test",
    severity: "info",
    title: `Sluice can reach ${channel}`,
    standing: "test",
    code: null,
    news: "This is a test. When a gate closes, the message comes here: what broke, since when, what it blocks, what to do.",
    at: now,
    since: now,
    until: null,
    pipelines: [],
    total: 0,
    open: 0,
    advice: [],
    links: [],
    picture: null,
  };
}
