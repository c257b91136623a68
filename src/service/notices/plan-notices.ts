import type { NoticeMute } from "../../domain/notices/plan/mutes.ts";
import { planNotices } from "../../domain/notices/plan/plan.ts";
import type { Planned, PlanSettings } from "../../domain/notices/plan/planned.ts";
import { type Surroundings, writeMessage } from "../../domain/notices/words/write-message.ts";
import type { Clock, Log, NoticeStore, PlannedNotice, Reader } from "../../ports.ts";
import { driftPicture } from "./drift-picture.ts";

export interface PlanNoticesDeps {
  notices: NoticeStore;
  reader: Pick<Reader, "latestDrift">;
  clock: Clock;
  log: Log;
  settings: PlanSettings;
  /** The mutes in force. */
  mutes: () => Promise<readonly NoticeMute[]>;
  around: Omit<Surroundings, "picture">;
  newId: () => string;
}

/** Writes due messages into the outbox and returns their number. A second call writes none of them again. */
export async function planDueNotices(deps: PlanNoticesDeps): Promise<number> {
  const { notices, clock, settings, mutes } = deps;
  const now = clock.now();
  return notices.plan(now, now + settings.pace.group_wait, async (input) => {
    const { messages, looks } = planNotices({ ...input, mutes: await mutes() }, settings);
    const written: PlannedNotice[] = [];
    for (const planned of messages) written.push({ planned, notice: await write(deps, planned, now) });
    return { looks, notices: written };
  });
}

async function write(deps: PlanNoticesDeps, planned: Planned, now: number): Promise<PlannedNotice["notice"]> {
  const message = writeMessage(planned, now, { ...deps.around, picture: await pictureOf(deps, planned) });
  const pipeline_names = planned.about.map(({ pipeline_name }) => pipeline_name);
  return { notice_id: deps.newId(), channel: planned.channel, message, pipeline_names, once: null };
}

/** A message without its picture is better than none. */
async function pictureOf({ reader, log }: PlanNoticesDeps, { about, grouped, say }: Planned) {
  const [state] = about;
  const drifted = state?.trouble.reasons.find(({ code }) => code === "feature_drifted");
  if (grouped || say === "resolved" || state === undefined || drifted == null) return null;
  try {
    return await driftPicture(reader, state.pipeline_name, drifted.subject);
  } catch (error) {
    log.warn({ err: error }, "a notice goes without the picture of its drift");
    return null;
  }
}
