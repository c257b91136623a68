import { leadingCode } from "../trouble.ts";
import { UPDATE_WAIT } from "../words/next-step.ts";
import {
  type GroupPlan,
  groupNews,
  NO_NEWS,
  type NoticeThread,
  newsFirst,
  type PlanInput,
  type PlanSettings,
  toldOf,
  type View,
} from "./planned.ts";

/** Threads that were opened within this time count as one wave. */
export const WAVE = 5 * 60_000;

/**
 * Plans the messages about new troubles of a channel, by first reason: a thread each, one thread for all where they are many, or
 * the thread of the open group while its wave lasts (a later failure gets a thread of its own). Troubles that wait for others go
 * out together with the first that is due.
 */
export function planOpenings(
  channel: string,
  openings: readonly View[],
  inGroups: readonly View[],
  { now, threads }: Pick<PlanInput, "now" | "threads">,
  { group_at }: Pick<PlanSettings, "group_at">,
): GroupPlan[] {
  const plans: GroupPlan[] = [];
  for (const [code, views] of byCode(openings)) {
    if (views.every(({ step }) => step.gathering)) continue;
    const wave = threads.filter(
      (thread) => thread.channel === channel && thread.code === code && thread.opened_at > now - WAVE,
    );
    const group = wave.find(({ grouped, closed_at }) => grouped && closed_at === null);
    if (group !== undefined) plans.push(joining(channel, group, views, inGroups, now));
    else if (views.length + wave.length >= group_at) plans.push(opening(channel, code, views, true));
    else for (const view of views) plans.push(opening(channel, code, [view], false));
  }
  return plans;
}

function opening(channel: string, code: string, views: readonly View[], grouped: boolean): GroupPlan {
  const about = views.map(({ state }) => state);
  const tells = about.map((state) => ({ pipeline_id: state.pipeline_id, told: toldOf(state) }));
  const look_at = Math.min(...views.map(({ step }) => step.look_at!));
  return {
    message: { channel, thread: null, code, grouped, say: "opened", about, news: NO_NEWS, tells, closes: false },
    look_at,
    about,
  };
}

function joining(
  channel: string,
  thread: NoticeThread,
  views: readonly View[],
  inGroups: readonly View[],
  now: number,
): GroupPlan {
  const about = views.map(({ state }) => state);
  const ready = thread.last_at + UPDATE_WAIT;
  if (now < ready) return { message: null, look_at: ready, about };
  const members = inGroups.filter((view) => view.thread!.thread_id === thread.thread_id);
  const news = groupNews(members, views);
  const all = [...members.map(({ state }) => state), ...about];
  const tells = all.map((state) => ({ pipeline_id: state.pipeline_id, told: toldOf(state) }));
  return {
    message: {
      channel,
      thread,
      code: thread.code,
      grouped: true,
      say: "updated",
      about: newsFirst(all, news),
      news,
      tells,
      closes: false,
    },
    look_at: Math.min(...views.map(({ step }) => step.look_at!)),
    about,
  };
}

function byCode(views: readonly View[]): Map<string, View[]> {
  const groups = new Map<string, View[]>();
  for (const view of views) {
    const code = leadingCode(view.state.trouble);
    const same = groups.get(code);
    if (same === undefined) groups.set(code, [view]);
    else same.push(view);
  }
  return groups;
}
