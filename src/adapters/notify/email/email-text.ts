import type { NoticeMessage } from "../../../domain/notices/words/message.ts";
import { sinceText } from "../../../domain/notices/words/since-text.ts";
import { endText } from "../../../domain/notices/words/write-message.ts";
import { firstLine } from "../../../domain/words/text.ts";
import { digestLists } from "../digest-lists.ts";
import { textPicture } from "../text-bars.ts";
import { utcText } from "./html-text.ts";

/** The mail as plain text. */
export function emailText(message: NoticeMessage): string {
  const { title, news, pipelines, total, since, until, at, advice, links, picture, digest } = message;
  const parts: string[] = [title];
  if (news !== null) parts.push(news);
  if (digest !== undefined) {
    for (const { title: name, lines, more } of digestLists(digest)) {
      const rest = more > 0 ? [`and ${more} more`] : [];
      parts.push([name, ...(lines.length === 0 ? ["none"] : lines), ...rest].join("\n"));
    }
  }
  const [one] = pipelines;
  if (one !== undefined) {
    if (total > 1) {
      const lines = pipelines.map(({ pipeline_name, open, reasons, standing, change }) => {
        return `- ${open && change === "new" ? "new: " : ""}${pipeline_name}: ${open ? firstLine(reasons[0]?.detail ?? standing) : endText({ standing })}`;
      });
      if (total > lines.length) lines.push(`and ${total - lines.length} more`);
      parts.push(lines.join("\n"));
    } else if (until === null) {
      parts.push(one.reasons.map(({ detail, code }) => `- ${detail} (${code})`).join("\n"));
    }
    const blocks = [...new Set(pipelines.filter(({ open }) => open).flatMap((pipeline) => pipeline.blocks))];
    parts.push(
      [
        `Since: ${utcText(since)} (${sinceText((until ?? at) - since)})`,
        ...(until === null ? [] : [`Until: ${utcText(until)}`]),
        ...(total === 1 && one.run_id !== null ? [`Run: ${one.run_id}`] : []),
        ...(total === 1 && until !== null && one.reasons[0] !== undefined ? [`It was: ${one.reasons[0].detail}`] : []),
        ...(until === null && blocks.length > 0 ? [`Holds back: ${blocks.join(", ")}`] : []),
      ].join("\n"),
    );
  }
  if (picture !== null) parts.push([picture.feature_name, ...textPicture(picture)].join("\n"));
  if (advice.length > 0) parts.push(["What to do:", ...advice.map((text) => `- ${text}`)].join("\n"));
  if (links.length > 0) parts.push(links.map(({ label, url }) => `${label}: ${url}`).join("\n"));
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
