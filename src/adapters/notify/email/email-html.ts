import { psiText } from "../../../domain/gate/wording.ts";
import { commonDetail } from "../../../domain/notices/words/common-detail.ts";
import type { NoticeMessage, PipelineNotice } from "../../../domain/notices/words/message.ts";
import { sinceText } from "../../../domain/notices/words/since-text.ts";
import { endText } from "../../../domain/notices/words/write-message.ts";
import { firstLine } from "../../../domain/words/text.ts";
import { digestHtml } from "./digest-html.ts";
import { ACTUAL_COLOUR, EXPECTED_COLOUR } from "./drift-svg.ts";
import { escapeHtml, type PictureSource, utcText } from "./html-text.ts";

const COLOURS = { critical: "#c0392b", warning: "#b9770e", info: "#5d6d7e", over: "#1e8449" } as const;

/** Only tables and inline styles: every mail program shows those alike. */
export function emailHtml(message: NoticeMessage, picture: PictureSource): string {
  const look = message.until === null ? message.severity : "over";
  const body = message.digest === undefined ? facts(message, picture) : digestHtml(message.digest, picture);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(message.title)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f4f6f7;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1c2833">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="640" cellpadding="0" cellspacing="0" style="max-width:640px;width:100%;background:#ffffff;border-radius:8px;border-top:6px solid ${COLOURS[look]}">
<tr><td style="padding:24px 28px">
<div style="font-size:13px;letter-spacing:.04em;text-transform:uppercase;color:${COLOURS[look]};font-weight:700">${escapeHtml(label(message))}</div>
<h1 style="margin:6px 0 0;font-size:20px;line-height:1.35">${escapeHtml(message.title)}</h1>
${body}${linksHtml(message)}
</td></tr></table>
<div style="font-size:12px;color:#7b8a8b;padding:12px">Sent by Sluice</div>
</td></tr></table></body></html>
`;
}

function label({ kind, severity, until, standing }: NoticeMessage): string {
  if (kind === "digest") return "digest";
  if (kind === "test") return "test";
  return until === null ? `${severity} · ${standing}` : "over";
}

function facts(message: NoticeMessage, picture: PictureSource): string {
  const { news, pipelines, total, advice, until } = message;
  const [one] = pipelines;
  const parts = [news === null ? "" : paragraph(escapeHtml(news))];
  if (one !== undefined) {
    parts.push(total > 1 ? groupHtml(message) : until === null ? reasonsHtml(one) : "");
    parts.push(tableHtml(message, one));
  }
  parts.push(pictureHtml(message, picture));
  if (advice.length > 0) {
    const items = advice.map((text) => `<li style="margin:4px 0">${escapeHtml(text)}</li>`).join("");
    parts.push(
      `<h2 style="font-size:14px;margin:20px 0 4px">What to do</h2><ul style="margin:0;padding-left:20px">${items}</ul>`,
    );
  }
  return parts.join("\n");
}

function paragraph(html: string): string {
  return `<p style="margin:12px 0 0;font-size:15px;line-height:1.5">${html}</p>`;
}

function reasonsHtml({ reasons, let_through }: PipelineNotice): string {
  const items = reasons.map(({ detail, code, severity }) => {
    const colour = severity === "warn" ? COLOURS.warning : COLOURS.critical;
    return `<li style="margin:6px 0"><span style="color:${colour}">●</span> ${escapeHtml(detail)} <code style="color:#7b8a8b;font-size:12px">${escapeHtml(code)}</code></li>`;
  });
  const passed =
    let_through === null
      ? ""
      : paragraph(
          `Let through until ${utcText(let_through.expires_at)} by ${escapeHtml(let_through.actor)}: ${escapeHtml(let_through.reason)}`,
        );
  return `<ul style="list-style:none;margin:12px 0 0;padding:0;font-size:15px;line-height:1.5">${items.join("")}</ul>${passed}`;
}

function groupHtml({ pipelines, total }: NoticeMessage): string {
  const common = commonDetail(pipelines.map(({ reasons }) => reasons));
  if (common !== null && pipelines.every(({ open }) => open)) {
    const names = pipelines.map(({ pipeline_name }) => escapeHtml(pipeline_name)).join(", ");
    return paragraph(total > pipelines.length ? `${names} and ${total - pipelines.length} more` : names);
  }
  const rows = pipelines.map(({ pipeline_name, open, reasons, standing, change }) => {
    const detail = open ? firstLine(reasons[0]?.detail ?? standing) : endText({ standing });
    const sign = open ? (change === "new" ? "new: " : "") : "✓ ";
    return `<tr><td style="padding:4px 12px 4px 0;font-weight:600;white-space:nowrap">${sign}${escapeHtml(pipeline_name)}</td><td style="padding:4px 0;color:#566573">${escapeHtml(detail)}</td></tr>`;
  });
  const more = total > pipelines.length ? paragraph(`and ${total - pipelines.length} more`) : "";
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin-top:12px;font-size:14px">${rows.join("")}</table>${more}`;
}

function tableHtml({ since, until, at, pipelines, total }: NoticeMessage, one: PipelineNotice): string {
  const blocks = [...new Set(pipelines.filter(({ open }) => open).flatMap((pipeline) => pipeline.blocks))];
  const rows: [string, string][] = [
    ["Since", `${utcText(since)} (${sinceText((until ?? at) - since)})`],
    ...(until === null ? [] : [["Until", utcText(until)] as [string, string]]),
    ...(total === 1 && one.run_id !== null ? [["Run", one.run_id] as [string, string]] : []),
    ...(total === 1 && until !== null && one.reasons[0] !== undefined
      ? [["It was", one.reasons[0].detail] as [string, string]]
      : []),
    ...(blocks.length > 0 && until === null ? [["Holds back", blocks.join(", ")] as [string, string]] : []),
  ];
  const html = rows.map(
    ([name, text]) =>
      `<tr><td style="padding:3px 16px 3px 0;color:#7b8a8b">${name}</td><td style="padding:3px 0">${escapeHtml(text)}</td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin-top:16px;font-size:14px">${html.join("")}</table>`;
}

function pictureHtml({ picture: drift }: NoticeMessage, picture: PictureSource): string {
  const source = drift === null ? null : picture("drift");
  if (drift === null || source === null) return "";
  const mark = (colour: string) => `<span style="color:${colour}">■</span>`;
  const psi = drift.psi === null ? "" : ` · PSI ${psiText(drift.psi, drift.threshold)}, ${drift.threshold} allowed`;
  const alt = `Shares of ${drift.feature_name} by bin, expected and actual`;
  return `<h2 style="font-size:14px;margin:20px 0 4px">${escapeHtml(drift.feature_name)}<span style="font-weight:400;color:#566573">${psi} · ${mark(EXPECTED_COLOUR)} expected ${mark(ACTUAL_COLOUR)} actual</span></h2>
<img src="${source}" width="560" alt="${escapeHtml(alt)}" style="width:100%;max-width:560px;height:auto;border:1px solid #eaecee">
<div style="font-size:12px;color:#7b8a8b">${escapeHtml(ends(drift.bins))}</div>`;
}

function ends(bins: readonly { label: string }[]): string {
  return bins.length < 2
    ? (bins[0]?.label ?? "")
    : `${bins.length} bins, from ${bins[0]!.label} to ${bins.at(-1)!.label}`;
}

function linksHtml({ links }: NoticeMessage): string {
  if (links.length === 0) return "";
  const buttons = links.map(({ label: text, url }, i) => {
    const look = i === 0 ? "background:#1f618d;color:#ffffff" : "background:#eaf2f8;color:#1f618d";
    return `<a href="${escapeHtml(url)}" style="display:inline-block;margin:0 8px 8px 0;padding:9px 16px;border-radius:6px;text-decoration:none;font-size:14px;font-weight:600;${look}">${escapeHtml(text)}</a>`;
  });
  return `<div style="margin-top:24px">${buttons.join("")}</div>`;
}
