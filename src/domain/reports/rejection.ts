import { cleanText } from "../words/text.ts";

/** What cannot be told of a report that cannot be read. */
export const UNREADABLE = "?";

/** Evidence that came and could not be used, or that a client could not deliver. */
export interface RejectedItem {
  /** The kind of its report; UNREADABLE where that is not known. */
  kind: string;
  /** See itemsOf; UNREADABLE: the report does not say what it is about in a way that can be read. */
  item: string;
  code: string;
  why: string;
}

/** Items of one report that are to be remembered with the run that it names. */
export interface Rejection {
  pipeline_name: string;
  /** null: the run that was open at `at`. */
  run_id: string | null;
  /** The number that was said; null: none, so that `at` tells. */
  attempt: number | null;
  /** When it was true, milliseconds; never later than it came. */
  at: number;
  items: RejectedItem[];
  /** Hashes of its id and its content: a resend with one of them changes nothing. */
  seen: string[];
}

const LONGEST_WHY = 500;

/** Short enough to be a reason among many, and clean: it quotes names that were refused, which may be no text a store takes. */
export function shortWhy(text: string): string {
  const clean = cleanText(text);
  return clean.length > LONGEST_WHY ? `${clean.slice(0, LONGEST_WHY).replace(/[\ud800-\udbff]$/, "")}…` : clean;
}

export function stageItem(stage: string, part: string): string {
  return part === "" ? stage : `${stage}/${part}`;
}
