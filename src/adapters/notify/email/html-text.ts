import { formatTime } from "../../../domain/words/time.ts";

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** `2026-11-20 02:00 UTC` */
export function utcText(ms: number): string {
  return `${formatTime(ms).slice(0, 16).replace("T", " ")} UTC`;
}

/** The URL of a picture: `cid:…` in a mail, a data URL in a file; null: it cannot be shown. */
export type PictureSource = (name: string) => string | null;
