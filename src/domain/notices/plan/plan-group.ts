import { MUTE_LOOK, type Pace } from "../words/next-step.ts";
import { type GroupPlan, groupNews, newsFirst, type Planned, toldOf, type View } from "./planned.ts";

/** Minimum time between progress updates of a group; its end is sent at once. */
const PROGRESS_WAIT = 10 * 60_000;

/** Plans the next message in the thread of a group: its end, its progress, or a reminder. */
export function planGroup(
  channel: string,
  views: readonly View[],
  { now, quiet_until, pace }: { now: number; quiet_until: number | null; pace: Pace },
): GroupPlan {
  const thread = views[0]!.thread!;
  const about = views.map(({ state }) => state);
  const news = groupNews(views, []);
  const critical = views.some(({ member }) => member!.told.severity === "critical");
  const plan = (say: Planned["say"], closes: boolean): GroupPlan => ({
    message: {
      channel,
      thread,
      code: thread.code,
      grouped: true,
      say,
      about: newsFirst(about, news),
      news,
      tells: about.map((state) => ({ pipeline_id: state.pipeline_id, told: toldOf(state) })),
      closes,
    },
    look_at: closes ? null : now + pace.repeat_interval,
    about,
  });
  const at = (look_at: number): GroupPlan => ({ message: null, look_at, about });
  const mutes = views.filter(({ state }) => state.open).map(({ muted_until }) => muted_until);
  if (mutes.length > 0 && mutes.every((until) => until !== null))
    return at(Math.min(...(mutes as number[]), now + MUTE_LOOK));
  if (quiet_until !== null && !critical) return at(quiet_until);
  if (about.every(({ open }) => !open)) return plan("resolved", true);
  if (news.begun.size + news.ended.size > 0) {
    const ready = thread.last_at + PROGRESS_WAIT;
    return now < ready ? at(ready) : plan("updated", false);
  }
  const due = thread.last_at + pace.repeat_interval;
  return now < due ? at(due) : plan("reminder", false);
}
