import type { ReasonCode } from "../finding.ts";
import { leadingCode, NOTICE_SEVERITIES, type NoticeSeverity, type TroubleState } from "../notice.ts";
import { ADVICE, IN_COMMON } from "./advice.ts";
import { commonDetail } from "./common-detail.ts";
import { STEADY_AFTER } from "./flapping.ts";
import type { DriftPicture, NoticeLink, NoticeMessage, PipelineNotice } from "./message.ts";
import type { Planned } from "./planned.ts";
import { sinceText } from "./since-text.ts";

/** Pipelines that a group's message shows; the others are counted. */
const SHOWN = 15;
const ADVICES = 3;
const LONGEST_TITLE = 300;

/** What stands around a pipeline, for those who read about it. */
export interface Surroundings {
  blocks: (pipeline_name: string) => string[];
  links: (about: { pipeline_name: string | null; code: string }) => NoticeLink[];
  picture: DriftPicture | null;
}

/** The message that was planned, in words. */
export function writeMessage(planned: Planned, now: number, around: Surroundings): NoticeMessage {
  const { about, say, code, grouped } = planned;
  const open = about.filter((state) => state.open);
  const pipelines = about.slice(0, SHOWN).map((state) => pipelineNotice(state, around.blocks));
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

/** It is the subject of a mail, and what a phone shows. */
function short(text: string): string {
  const characters = [...text];
  return characters.length > LONGEST_TITLE ? `${characters.slice(0, LONGEST_TITLE - 1).join("")}…` : text;
}

function pipelineNotice(state: TroubleState, blocks: Surroundings["blocks"]): PipelineNotice {
  const { pipeline_name, open, trouble, opened_at } = state;
  return {
    pipeline_name,
    open,
    standing: standingOf(state),
    since: opened_at,
    run_id: trouble.run_id,
    reasons: trouble.reasons,
    let_through: trouble.let_through,
    blocks: blocks(pipeline_name),
  };
}

/** What the gate does, in two words at most. */
export function standingOf({ open, trouble }: TroubleState): string {
  if (!open) return "over";
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
  const standing = standingOf(state);
  if (say === "flapping") return `${pipeline_name} keeps failing and recovering`;
  if (!state.open && state.archived) return `${pipeline_name} was archived`;
  if (!state.open) return `${pipeline_name} is fine again after ${sinceText((closed_at ?? now) - opened_at)}`;
  if (trouble.let_through !== null) return `${pipeline_name} is let through by ${trouble.let_through.actor}`;
  const still = say === "reminder" ? IS[standing]!.replace(/^\w+/, "$& still") : IS[standing]!;
  const again = say === "again" ? " again" : "";
  const reason = trouble.blocked_by?.reason ?? trouble.reasons[0]?.detail ?? null;
  return `${pipeline_name} ${still}${again}${reason === null ? "" : `: ${reason}`}`;
}

function groupTitle({ about, code, say }: Planned, open: number): string {
  const what = IN_COMMON[code as ReasonCode] ?? "are in trouble";
  if (open === 0) return `All ${about.length} pipelines are fine again`;
  const of = open === about.length ? `${open} pipelines` : `${open} of ${about.length} pipelines`;
  const common = commonDetail(about.filter((state) => state.open).map(({ trouble }) => trouble.reasons));
  return `${of} ${say === "reminder" ? `still ${what}` : what}${common === null ? "" : `: ${common}`}`;
}

function newsOf({ say, grouped, about }: Planned, open: number): string | null {
  const { trouble } = about[0]!;
  if (say === "opened") return null;
  if (say === "resolved" && about.every(({ archived }) => archived)) return "It is not watched any more.";
  if (say === "resolved") return grouped ? "All of them are over." : "It is over: the gate lets the next step run.";
  if (say === "reminder") return "Nothing has changed since the last message.";
  if (say === "again") return "It was over, and is back.";
  if (say === "flapping") {
    return `It comes and goes. The next message comes when nothing changed for ${sinceText(STEADY_AFTER)}.`;
  }
  if (grouped) return `${open} are in trouble, ${about.length - open} are over.`;
  if (trouble.let_through !== null) {
    return `${trouble.let_through.actor} lets it through: ${trouble.let_through.reason}`;
  }
  return "The reasons have changed.";
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
