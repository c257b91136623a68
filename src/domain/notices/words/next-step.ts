import { flapsUntil } from "../plan/flapping.ts";
import type { QuietHours } from "../plan/quiet-hours.ts";
import { decisionIn, isGraver, type Told, type TroubleState, wordsOf } from "../trouble.ts";

/** The next message to a channel about a pipeline. */
export type NoticeKind = "opened" | "again" | "updated" | "reminder" | "flapping" | "resolved";

export interface Step {
  /** null: nothing now. */
  say: NoticeKind | null;
  /** When to look again (milliseconds); null: not before something changes. */
  look_at: number | null;
  /** The message is ready but waits for other pipelines that fail for the same reason. */
  gathering: boolean;
}

/** Durations in milliseconds. */
export interface Pace {
  /** How long a new trouble waits for others with the same reason. */
  group_wait: number;
  /** Time between reminders of an open trouble. */
  repeat_interval: number;
  quiet_hours: QuietHours | null;
}

/** Changes within this time go into one message. */
export const UPDATE_WAIT = 60_000;
/** A trouble that reopens within this time continues its old thread. */
export const REOPEN_WITHIN = 30 * 60_000;
/** Interval at which a muted trouble is checked again: people end mutes early. */
export const MUTE_LOOK = 60_000;

export interface Asked {
  now: number;
  state: TroubleState;
  /** What the channel was notified of last; null: no thread that goes on. */
  member: { told: Told; told_at: number } | null;
  /** The channel takes troubles of this pipeline and severity. */
  wanted: boolean;
  /** The channel has threads, so small updates disturb nobody. */
  threads: boolean;
  muted_until: number | null;
  /** End of the quiet hours, until which all but critical notices wait; null: it is not quiet. */
  quiet_until: number | null;
  pace: Pace;
}

/** Decides the next message. The same input gives the same step, so several agents may ask and nothing is sent twice. */
export function nextStep(asked: Asked): Step {
  const { now, state, member, wanted, muted_until, quiet_until } = asked;
  const toldOpen = member?.told.open ?? false;
  if (!state.open && !toldOpen) return REST;
  if (!toldOpen && !wanted) return REST;
  if (muted_until !== null) return later(Math.min(muted_until, now + MUTE_LOOK));
  const severity = state.open ? state.trouble.severity : member!.told.severity;
  if (quiet_until !== null && severity !== "critical") return later(quiet_until);
  const steady = flapsUntil(state.flips, now);
  if (member !== null && steady !== null && goesOn(asked)) {
    return member.told.flapping ? later(steady) : { ...say("flapping"), look_at: steady };
  }
  if (!toldOpen) return first(asked);
  return state.open ? further(asked) : say("resolved");
}

/** Whether the trouble continues the one the channel knows: it is open there, or reopened soon after its end. */
function goesOn({ state, member }: Asked): boolean {
  return member !== null && (member.told.open || state.opened_at < member.told_at + REOPEN_WITHIN);
}

function first(asked: Asked): Step {
  const { now, state, pace } = asked;
  if (goesOn(asked)) return { ...say("again"), look_at: now + pace.repeat_interval };
  const ready = state.opened_at + pace.group_wait;
  if (now < ready) return { say: "opened", look_at: ready, gathering: true };
  return { ...say("opened"), look_at: now + pace.repeat_interval };
}

function further({ now, state, member, wanted, threads, pace }: Asked): Step {
  const { trouble } = state;
  const { told: last, told_at } = member!;
  const urgent =
    isGraver(trouble.severity, last.severity) || (trouble.let_through !== null) !== last.let_through || last.flapping;
  // Without threads only a change of the gate itself is news: the last message must not claim that work is held back when it
  // goes on.
  const words = wordsOf(trouble);
  if (urgent || (threads ? words !== last.words : decisionIn(words) !== decisionIn(last.words))) {
    const ready = told_at + UPDATE_WAIT;
    if (!urgent && now < ready) return later(ready);
    return { ...say("updated"), look_at: now + pace.repeat_interval };
  }
  if (!wanted || trouble.let_through !== null) return REST;
  const due = told_at + pace.repeat_interval;
  return now < due ? later(due) : { ...say("reminder"), look_at: now + pace.repeat_interval };
}

const REST: Step = { say: null, look_at: null, gathering: false };

function later(look_at: number): Step {
  return { say: null, look_at, gathering: false };
}

function say(what: NoticeKind): Step {
  return { say: what, look_at: null, gathering: false };
}
