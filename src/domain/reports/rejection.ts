import { cleanText } from "../words/text.ts";

/** Stands for a kind or an item that cannot be read from a report. */
export const UNREADABLE = "?";

/** Evidence that could not be used, or that a client could not deliver. */
export interface RejectedItem {
  /** The kind of its report; UNREADABLE where that is not known. */
  kind: string;
  /** See itemsOf; UNREADABLE: the report does not name its item in a readable way. */
  item: string;
  code: string;
  why: string;
}

/** Items of one report to store with the run that the report names. */
export interface Rejection {
  pipeline_name: string;
  /** null: the run that was open at `at`. */
  run_id: string | null;
  /** The attempt that was stated; null: none, so `at` decides. */
  attempt: number | null;
  /** When it was true, milliseconds; never later than it came. */
  at: number;
  items: RejectedItem[];
  /** Hashes of its id and its content: a report that is sent again with one of them changes nothing. */
  seen: string[];
}

const LONGEST_WHY = 500;

/** Cuts and cleans the text: it quotes refused names, which may hold characters that the store does not take. */
export function shortWhy(text: string): string {
  const clean = cleanText(text);
  return clean.length > LONGEST_WHY ? `${clean.slice(0, LONGEST_WHY).replace(/[\ud800-\udbff]$/, "")}…` : clean;
}

export function stageItem(stage: string, part: string): string {
  return part === "" ? stage : `${stage}/${part}`;
}
