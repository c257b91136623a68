import { psiText } from "../../../domain/gate/wording.ts";
import type { Digest, DigestSla } from "../../../domain/notices/digest.ts";
import { escapeHtml, type PictureSource, utcText } from "./html-text.ts";

const SHOWN = 20;

/** The lists of a digest; each pipeline with its days in a small picture, named `sla-0`, `sla-1` … in their order. */
export function digestHtml(digest: Digest, picture: PictureSource): string {
  const { sla, features, blocked, overrides, silent, totals, from, to } = digest;
  return [
    `<p style="margin:8px 0 0;font-size:14px;color:#566573">${utcText(from)} to ${utcText(to)}${digest.team === null ? "" : ` · team ${escapeHtml(digest.team)}`}</p>`,
    list("SLA, the worst first", ["pipeline", "rate", "target", "by day"], totals.sla, sla, (row, i) => [
      escapeHtml(row.pipeline_name),
      rateHtml(row),
      `${row.target} %`,
      imageHtml(picture(`sla-${i}`), row),
    ]),
    list("Features that drifted", ["feature", "pipeline", "PSI", "allowed"], totals.features, features, (row) => [
      escapeHtml(row.feature_name),
      escapeHtml(row.pipeline_name),
      row.psi === null ? row.verdict.replace("_", " ") : psiText(row.psi, row.threshold),
      String(row.threshold),
    ]),
    list("Blocked runs", ["when", "pipeline", "why"], totals.blocked, blocked, (row) => [
      utcText(row.at),
      escapeHtml(row.pipeline_name),
      escapeHtml(row.detail ?? row.code ?? ""),
    ]),
    list("Overrides used", ["when", "pipeline", "what"], totals.overrides, overrides, (row) => [
      utcText(row.created_at),
      escapeHtml(row.pipeline_name),
      `${row.decision} by ${escapeHtml(row.actor)}: ${escapeHtml(row.reason)}`,
    ]),
    list("Went silent", ["pipeline", "last run"], totals.silent, silent, (row) => [
      escapeHtml(row.pipeline_name),
      utcText(row.last_run_at),
    ]),
  ].join("\n");
}

function rateHtml({ rate, state }: DigestSla): string {
  const colour = state === "breaching" ? "#c0392b" : state === "ok" ? "#1e8449" : "#7b8a8b";
  return `<strong style="color:${colour}">${rate === null ? "no data" : `${rate.toFixed(2)} %`}</strong>`;
}

function imageHtml(source: string | null, { pipeline_name, days }: DigestSla): string {
  if (source === null) return "";
  const alt = `${pipeline_name} by day: ${days.map((rate) => (rate === null ? "no data" : `${rate.toFixed(1)} %`)).join(", ")}`;
  return `<img src="${source}" width="120" height="24" alt="${escapeHtml(alt)}">`;
}

function list<T>(
  title: string,
  heads: readonly string[],
  total: number,
  items: readonly T[],
  cells: (item: T, place: number) => string[],
): string {
  const heading = `<h2 style="font-size:15px;margin:24px 0 4px">${title} <span style="color:#7b8a8b;font-weight:400">${total}</span></h2>`;
  if (items.length === 0) return `${heading}<div style="font-size:14px;color:#7b8a8b">none</div>`;
  const head = heads.map(
    (text) =>
      `<th align="left" style="padding:3px 14px 3px 0;color:#7b8a8b;font-weight:400;font-size:12px">${text}</th>`,
  );
  const rows = items.slice(0, SHOWN).map((item, place) => {
    const row = cells(item, place).map(
      (html) => `<td style="padding:4px 14px 4px 0;border-top:1px solid #eaecee;vertical-align:top">${html}</td>`,
    );
    return `<tr>${row.join("")}</tr>`;
  });
  const shown = Math.min(items.length, SHOWN);
  const more = total > shown ? `<div style="font-size:13px;color:#7b8a8b">and ${total - shown} more</div>` : "";
  return `${heading}<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="font-size:14px"><tr>${head.join("")}</tr>${rows.join("")}</table>${more}`;
}
