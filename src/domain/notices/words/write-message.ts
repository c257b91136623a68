import type { ReasonCode } from "../../gate/reason.ts";
import { STEADY_AFTER } from "../plan/flapping.ts";
import type { Planned } from "../plan/planned.ts";
import { leadingCode, NOTICE_SEVERITIES, type NoticeSeverity, type TroubleState } from "../trouble.ts";
import { ADVICE, IN_COMMON } from "./advice.ts";
import { commonDetail } from "./common-detail.ts";
import type { DriftPicture, NoticeLink, NoticeMessage, PipelineNotice } from "./message.ts";
import { sinceText } from "./since-text.ts";

/** Most pipelines that the message of a group shows; the others are counted. */
const SHOWN = 15;
const ADVICES = 3;
/** The title is the subject of a mail, and what a phone shows. */
const LONGEST_TITLE = 160;
/** Most pipelines that a title, or the news of a group, names. */
const NAMED_IN_TITLE = 3;
const NAMED_IN_NEWS = 12;
const LONGEST_NAME = 60;

/** What a message adds from outside the trouble: dependents and links. */
export interface Surroundings {
  blocks: (pipeline_name: string) => string[];
  links: (about: { pipeline_name: string | null; code: string }) => NoticeLink[];
  picture: DriftPicture | null;
}

/** Writes a planned message. */
export function writeMessage(planned: Planned, now: number, around: Surroundings): NoticeMessage {
  const { about, say, code, grouped } = planned;
  const open = about.filter((state) => state.open);
  const pipelines = about.slice(0, SHOWN).map((state) => pipelineNotice(state, planned, around.blocks));
  const since = Math.min(...about.map(({ opened_at }) => opened_at));
  const over = open.length === 0 && say !== "flapping";
  const until = over ? Math.max(...about.map(({ closed_at, opened_at }) => closed_at ?? opened_at)) : null;
  const one = grouped ? null : about[0]!;
  return {
    kind: say,
    severity: gravest(over ? about : open),
    title: short(one === null ? groupTitle(planned, open.length) : title(one, say, now)),
    standing: one === null ? (over ? "over" : pipelines[0]!.standing) : pipelines[0]!.standing,
    code,
    news: newsOf(planned, open.length),
    at: now,
    since,
    until,
    pipelines,
    total: about.length,
    open: open.length,
    advice: over ? [] : adviceOn(one === null ? [code] : codesOf(one)),
    links: around.links({ pipeline_name: one?.pipeline_name ?? null, code }),
    picture: over ? null : around.picture,
  };
}

/** Joins the lines of an error to one. */
function short(text: string): string {
  const [line = "", ...rest] = text.split("\n").filter((one) => one.trim() !== "");
  return cutTo(rest.length > 0 ? `${line.trimEnd()} …` : line, LONGEST_TITLE);
}

function cutTo(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}

function pipelineNotice(
  state: TroubleState,
  { news: { begun, ended } }: Planned,
  blocks: Surroundings["blocks"],
): PipelineNotice {
  const { pipeline_id, pipeline_name, open, trouble, opened_at } = state;
  return {
    pipeline_name,
    open,
    standing: runStateOf(state),
    change: begun.has(pipeline_id) ? "new" : ended.has(pipeline_id) ? "over" : null,
    since: opened_at,
    run_id: trouble.run_id,
    reasons: trouble.reasons,
    let_through: trouble.let_through,
    blocks: blocks(pipeline_name),
  };
}

/** What the gate does, in two words at most. */
export function runStateOf({ open, archived, trouble }: TroubleState): string {
  if (!open) return archived ? "archived" : "over";
  if (trouble.let_through !== null) return "let through";
  if (trouble.decision === "block") return "blocked";
  return trouble.allowed ? "warns" : "held back";
}

const IS: Record<string, string> = {
  blocked: "is blocked",
  "held back": "is held back",
  warns: "has a warning",
  "let through": "is let through",
};

function title(state: TroubleState, say: Planned["say"], now: number): string {
  const { pipeline_name, opened_at, closed_at, trouble } = state;
  const standing = runStateOf(state);
  if (say === "flapping") return `${pipeline_name} keeps failing and recovering`;
  if (!state.open && state.archived) return `${pipeline_name} was archived`;
  if (!state.open) return `${pipeline_name} is fine again after ${sinceText((closed_at ?? now) - opened_at)}`;
  if (trouble.let_through !== null) return `${pipeline_name} is let through by ${trouble.let_through.actor}`;
  const still = say === "reminder" ? IS[standing]!.replace(/^\w+/, "$& still") : IS[standing]!;
  const again = say === "again" ? " again" : "";
  const reason = trouble.blocked_by?.reason ?? trouble.reasons[0]?.detail ?? null;
  return `${pipeline_name} ${still}${again}${reason === null ? "" : `: ${reason}`}`;
}

/** Begins with the names: the reader asks for them first. */
function groupTitle(planned: Planned, open: number): string {
  const { about, code, say, news } = planned;
  const what = IN_COMMON[code as ReasonCode] ?? "are in trouble";
  if (open === 0) return `All ${about.length} pipelines ${endedHow(about)}`;
  const of = open === about.length ? `${open} pipelines` : `${open} of ${about.length} pipelines`;
  const fact = `${of} ${say === "reminder" ? `still ${what}` : what}`;
  if (say === "opened" || say === "reminder") {
    return `${fact}: ${namesOf(
      about.filter((state) => state.open),
      NAMED_IN_TITLE,
    )}`;
  }
  const begun = about.filter(({ pipeline_id }) => news.begun.has(pipeline_id));
  const ended = about.filter(({ pipeline_id }) => news.ended.has(pipeline_id));
  if (begun.length > 0) return `New: ${namesOf(begun, NAMED_IN_TITLE)}; ${fact}`;
  return ended.length > 0 ? `Over: ${namesOf(ended, NAMED_IN_TITLE)}; ${fact}` : fact;
}

function endedHow(about: readonly TroubleState[]): string {
  const archived = about.filter((state) => state.archived).length;
  if (archived === 0) return "are fine again";
  return archived === about.length ? "were archived" : `are over, ${archived} of them archived`;
}

/** `a, b, c and 17 more` */
function namesOf(states: readonly TroubleState[], most: number): string {
  const shown = states.slice(0, most).map(({ pipeline_name }) => cutTo(pipeline_name, LONGEST_NAME));
  const more = states.length - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}

function newsOf(planned: Planned, open: number): string | null {
  const { say, grouped, about } = planned;
  const { trouble } = about[0]!;
  if (grouped) return groupNewsText(planned, open);
  if (say === "opened") return null;
  if (say === "resolved" && about[0]!.archived) return "It is not watched any more.";
  if (say === "resolved") return "It is over: the gate lets the next step run.";
  if (say === "reminder") return "Nothing has changed since the last message.";
  if (say === "again") return "It was over, and is back.";
  if (say === "flapping") {
    return `It comes and goes. The next message comes when nothing changed for ${sinceText(STEADY_AFTER)}.`;
  }
  if (trouble.let_through !== null) {
    return `${trouble.let_through.actor} lets it through: ${trouble.let_through.reason}`;
  }
  return "The reasons have changed.";
}

function groupNewsText({ say, about, news }: Planned, open: number): string | null {
  if (say === "opened") {
    return commonDetail(about.map(({ trouble }) => trouble.reasons));
  }
  if (say === "reminder") return "Nothing has changed since the last message.";
  const said = (word: string, ids: ReadonlySet<number>) => {
    const states = about.filter(({ pipeline_id }) => ids.has(pipeline_id));
    return states.length === 0 ? [] : [`${word}: ${namesOf(states, NAMED_IN_NEWS)}.`];
  };
  const counts =
    open === 0 ? "All of them are over." : `${areIs(open)} in trouble, ${areIs(about.length - open)} over.`;
  return [...said("New", news.begun), ...said("Over", news.ended), counts].join(" ");
}

function areIs(count: number): string {
  return `${count} ${count === 1 ? "is" : "are"}`;
}

/** The end of a trouble in a list of pipelines. */
export function endText({ standing }: Pick<PipelineNotice, "standing">): string {
  return standing === "archived" ? "was archived" : "fine again";
}

function codesOf({ trouble }: TroubleState): string[] {
  const grave = trouble.reasons.filter(({ severity }) => severity !== "warn");
  const counted = grave.length > 0 ? grave : trouble.reasons;
  return [leadingCode(trouble), ...counted.map(({ code }) => code)];
}

function adviceOn(codes: readonly string[]): string[] {
  const advice = codes.map((code) => ADVICE[code as ReasonCode]).filter((text) => text !== undefined);
  return [...new Set(advice)].slice(0, ADVICES);
}

function gravest(states: readonly TroubleState[]): NoticeSeverity {
  const found = new Set(states.map(({ trouble }) => trouble.severity));
  return NOTICE_SEVERITIES.find((severity) => found.has(severity)) ?? "info";
}
