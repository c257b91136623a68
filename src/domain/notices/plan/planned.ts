import { type Told, type TroubleState, wordsOf } from "../trouble.ts";
import type { NoticeKind, Pace, Step } from "../words/next-step.ts";
import type { NoticeMute } from "./mutes.ts";
import type { NoticeRoute } from "./routes.ts";

/** A conversation on a channel. Times: milliseconds. */
export interface NoticeThread {
  thread_id: number;
  channel: string;
  /** The first reason of its troubles. */
  code: string;
  /** The thread is about several pipelines. */
  grouped: boolean;
  opened_at: number;
  last_at: number;
  closed_at: number | null;
}

/** A pipeline in a thread: what the channel was notified of it last. */
export interface Member {
  channel: string;
  pipeline_id: number;
  thread_id: number;
  told: Told;
  told_at: number;
}

export interface PlanInput {
  now: number;
  /** The troubles that are due, and those of the groups that they belong to. */
  states: readonly TroubleState[];
  members: readonly Member[];
  /** The threads of the members, and threads opened lately. */
  threads: readonly NoticeThread[];
  mutes: readonly NoticeMute[];
}

export interface PlanSettings {
  channels: readonly { name: string; threads: boolean }[];
  routes: readonly NoticeRoute[];
  pace: Pace;
  /** From this many pipelines with the same first reason on, one message covers all. */
  group_at: number;
}

/** A message to be written: `thread` null is a new one. */
export interface Planned {
  channel: string;
  thread: NoticeThread | null;
  code: string;
  grouped: boolean;
  say: NoticeKind;
  /** What it is about; of a group all members: what is new since the last message first, then what is over, then the open ones. */
  about: TroubleState[];
  /** Of a group: who (pipeline_id) failed, and whose trouble ended, since the last message. */
  news: GroupNews;
  /** What the channel knows of each pipeline after this message. */
  tells: { pipeline_id: number; told: Told }[];
  /** The message ends its thread. */
  closes: boolean;
}

export interface GroupNews {
  begun: ReadonlySet<number>;
  ended: ReadonlySet<number>;
}

export const NO_NEWS: GroupNews = { begun: new Set(), ended: new Set() };

export interface Plan {
  messages: Planned[];
  /** When to look at each trouble again; null: not before something changes. */
  looks: Map<number, number | null>;
}

/** One pipeline as one channel sees it. */
export interface View {
  state: TroubleState;
  member: Member | null;
  thread: NoticeThread | null;
  /** Milliseconds; null: it is not muted. */
  muted_until: number | null;
  step: Step;
}

/** The plan of a set of pipelines that share a message. */
export interface GroupPlan {
  message: Planned | null;
  look_at: number | null;
  about: readonly TroubleState[];
}

/** Which members of a group failed or recovered since the last message, and which pipelines join. */
export function groupNews(members: readonly View[], joining: readonly View[]): GroupNews {
  const begun = members.filter(({ state, member }) => state.open && !member!.told.open);
  const ended = members.filter(({ state, member }) => !state.open && member!.told.open);
  const ids = (views: readonly View[]) => new Set(views.map(({ state }) => state.pipeline_id));
  return { begun: ids([...joining, ...begun]), ended: ids(ended) };
}

/** Sorts news to the front: a long list is cut at its end. */
export function newsFirst(states: readonly TroubleState[], { begun, ended }: GroupNews): TroubleState[] {
  const rank = ({ pipeline_id, open }: TroubleState) =>
    begun.has(pipeline_id) ? 0 : ended.has(pipeline_id) ? 1 : open ? 2 : 3;
  return [...states].sort((a, b) => rank(a) - rank(b));
}

/** What a channel knows of a pipeline after a message about it. A flapping trouble counts as open until it is steady. */
export function toldOf({ open, trouble }: TroubleState, flapping = false): Told {
  return {
    open: open || flapping,
    severity: trouble.severity,
    words: wordsOf(trouble),
    let_through: trouble.let_through !== null,
    flapping,
  };
}
