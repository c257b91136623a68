import { leadingCode, type TroubleState } from "../trouble.ts";
import { type NoticeKind, nextStep } from "../words/next-step.ts";
import { mutedUntil } from "./mutes.ts";
import { planGroup } from "./plan-group.ts";
import { planOpenings, WAVE } from "./plan-openings.ts";
import {
  type GroupPlan,
  type Member,
  NO_NEWS,
  type NoticeThread,
  type Plan,
  type PlanInput,
  type Planned,
  type PlanSettings,
  toldOf,
  type View,
} from "./planned.ts";
import { quietUntil } from "./quiet-hours.ts";
import { channelsFor } from "./routes.ts";

/**
 * Plans the messages: the difference between the troubles and what each channel was notified of. Pure and repeatable: the
 * members hold what was sent, so that no message is planned twice.
 */
export function planNotices(input: PlanInput, settings: PlanSettings): Plan {
  const messages: Planned[] = [];
  const looks = new Map<number, number | null>(input.states.map(({ pipeline_id }) => [pipeline_id, null]));
  const lookAt = (pipeline_id: number, at: number | null) => {
    const before = looks.get(pipeline_id) ?? null;
    if (at !== null && (before === null || at < before)) looks.set(pipeline_id, at);
  };
  const threads = new Map(input.threads.map((thread) => [thread.thread_id, thread]));
  const quiet_until = quietUntil(settings.pace.quiet_hours, input.now);
  for (const channel of settings.channels) {
    const views = viewsOf(channel, input, settings, { threads, quiet_until });
    const grouped = views.filter(isInOpenGroup);
    const alone = views.filter((view) => !isInOpenGroup(view));
    const openings = alone.filter(({ step }) => step.say === "opened");
    for (const view of alone) {
      lookAt(view.state.pipeline_id, view.step.look_at);
      if (view.step.say === null || view.step.say === "opened") continue;
      messages.push(aboutOne(channel.name, view, view.step.say));
    }
    const plans = [
      ...planOpenings(channel.name, openings, grouped, input, settings),
      ...groupsOf(grouped).map((group) =>
        planGroup(channel.name, group, { now: input.now, quiet_until, pace: settings.pace }),
      ),
    ];
    for (const { message, look_at, about } of merged(plans)) {
      if (message !== null) messages.push(message);
      for (const { pipeline_id } of about) lookAt(pipeline_id, look_at);
    }
  }
  return { messages, looks };
}

function viewsOf(
  channel: PlanSettings["channels"][number],
  { now, states, members, mutes }: PlanInput,
  { routes, pace }: PlanSettings,
  { threads, quiet_until }: { threads: ReadonlyMap<number, NoticeThread>; quiet_until: number | null },
): View[] {
  const known = new Map(
    members.filter((member) => member.channel === channel.name).map((member) => [member.pipeline_id, member]),
  );
  return states.map((state) => {
    const { pipeline_id, pipeline_name, trouble } = state;
    const member = known.get(pipeline_id) ?? null;
    const thread = (member && threads.get(member.thread_id)) ?? null;
    const current = thread?.grouped && hasLeft(state, member!, thread) ? null : member;
    const muted_until = mutedUntil(mutes, pipeline_name, trouble, now);
    const step = nextStep({
      now,
      state,
      member: current,
      wanted: channelsFor(routes, pipeline_name, trouble.severity).has(channel.name),
      threads: channel.threads,
      muted_until,
      quiet_until,
      pace,
    });
    return { state, member: current, thread: current === null ? null : thread, muted_until, step };
  });
}

/**
 * Whether a pipeline no longer belongs to the thread of its group: the group is over, or the pipeline was reported as over and
 * failed again after the wave.
 */
function hasLeft({ open, opened_at }: TroubleState, { told }: Member, { opened_at: began, closed_at }: NoticeThread) {
  return closed_at !== null || (open && !told.open && opened_at > began + WAVE);
}

function isInOpenGroup({ member, thread }: View): boolean {
  return member !== null && thread?.grouped === true && thread.closed_at === null;
}

function groupsOf(views: readonly View[]): View[][] {
  const groups = new Map<number, View[]>();
  for (const view of views) {
    const id = view.thread!.thread_id;
    const same = groups.get(id);
    if (same === undefined) groups.set(id, [view]);
    else same.push(view);
  }
  return [...groups.values()];
}

/** Keeps one message a thread: that others join a group comes before the progress of the group. */
function merged(plans: readonly GroupPlan[]): GroupPlan[] {
  const spoken = new Set<number>();
  return plans.map((plan) => {
    const id = plan.message?.thread?.thread_id;
    if (id === undefined) return plan;
    if (spoken.has(id)) return { ...plan, message: null };
    spoken.add(id);
    return plan;
  });
}

function aboutOne(channel: string, { state, thread }: View, say: NoticeKind): Planned {
  return {
    channel,
    thread,
    code: leadingCode(state.trouble),
    grouped: false,
    say,
    about: [state],
    news: NO_NEWS,
    tells: [{ pipeline_id: state.pipeline_id, told: toldOf(state, say === "flapping") }],
    closes: say === "resolved",
  };
}
