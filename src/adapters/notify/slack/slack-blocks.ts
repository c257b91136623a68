import type { Digest } from "../../../domain/notices/digest.ts";
import { commonDetail } from "../../../domain/notices/words/common-detail.ts";
import type { NoticeMessage, PipelineNotice } from "../../../domain/notices/words/message.ts";
import { sinceText } from "../../../domain/notices/words/since-text.ts";
import { endText } from "../../../domain/notices/words/write-message.ts";
import { firstLine } from "../../../domain/words/text.ts";
import { formatTime } from "../../../domain/words/time.ts";
import { digestLists } from "../digest-lists.ts";
import { textPicture } from "../text-bars.ts";
import { bold, cut, escaped, LIMITS, type SlackBlock, type SlackMessage, section } from "./slack-text.ts";

const REASONS_SHOWN = 6;
const REASON_LENGTH = 400;
const GROUP_SHOWN = 12;

const COLOURS = { critical: "#c0392b", warning: "#d68910", info: "#5d6d7e", over: "#1e8449" } as const;
const SIGNS = { critical: "🔴", warning: "🟡", info: "🔵", over: "🟢" } as const;

/** A message as Slack shows it: the line that a phone notification shows too, and below it the facts. */
export function slackMessage(message: NoticeMessage): SlackMessage {
  const look = message.until === null ? message.severity : "over";
  const blocks = message.digest === undefined ? factBlocks(message) : slackDigest(message.digest);
  return {
    text: cut(`${SIGNS[look]} ${bold(escaped(message.title))}`, LIMITS.text),
    attachments: [
      {
        color: COLOURS[look],
        fallback: cut(escaped(message.title), LIMITS.text),
        blocks: [...blocks, ...buttons(message)],
      },
    ],
  };
}

function factBlocks(message: NoticeMessage): SlackBlock[] {
  const { pipelines, news, picture, advice, total, kind } = message;
  const [one] = pipelines;
  const blocks: SlackBlock[] = [];
  if (news !== null) blocks.push(section(escaped(news)));
  if (kind === "test" || one === undefined) return blocks;
  if (total > 1) blocks.push(section(groupList(message)));
  else if (message.until === null || kind === "updated") blocks.push(...reasons(one));
  blocks.push({ type: "section", fields: fields(message, one) });
  if (picture !== null) {
    const lines = textPicture(picture).join("\n");
    blocks.push(section(`${bold(escaped(picture.feature_name))}\n\`\`\`\n${cut(escaped(lines), 2500)}\n\`\`\``));
  }
  if (advice.length > 0) {
    blocks.push(section(`${bold("What to do")}\n${advice.map((text) => `• ${escaped(text)}`).join("\n")}`));
  }
  return blocks;
}

function reasons({ reasons: found, let_through }: PipelineNotice): SlackBlock[] {
  const lines = found
    .slice(0, REASONS_SHOWN)
    .map(({ code, detail }) => `• ${escaped(cut(detail, REASON_LENGTH))}  \`${code}\``);
  if (found.length > REASONS_SHOWN) lines.push(`and ${found.length - REASONS_SHOWN} more`);
  if (let_through !== null) {
    const { actor, reason, expires_at } = let_through;
    lines.push(`_Let through until ${when(expires_at)} by ${escaped(actor)}: ${escaped(reason)}_`);
  }
  return lines.length === 0 ? [] : [section(lines.join("\n"))];
}

function groupList({ pipelines, total }: NoticeMessage): string {
  const common = commonDetail(pipelines.map(({ reasons: found }) => found));
  if (common !== null && pipelines.every(({ open }) => open)) {
    const names = pipelines.map(({ pipeline_name }) => escaped(pipeline_name)).join(", ");
    return total > pipelines.length ? `${names} and ${total - pipelines.length} more` : names;
  }
  const lines = pipelines.slice(0, GROUP_SHOWN).map((pipeline) => {
    const detail = pipeline.open ? (pipeline.reasons[0]?.detail ?? pipeline.standing) : endText(pipeline);
    const sign = pipeline.open ? (pipeline.change === "new" ? "• new:" : "•") : "✓";
    return `${sign} ${bold(escaped(pipeline.pipeline_name))}  ${escaped(cut(firstLine(detail), 120))}`;
  });
  if (total > lines.length) lines.push(`and ${total - lines.length} more`);
  return lines.join("\n");
}

function fields({ since, until, at, pipelines, total }: NoticeMessage, one: PipelineNotice) {
  const found: [string, string][] = [
    ["Since", `${when(since)} (${sinceText((until ?? at) - since)})`],
    ...(until === null ? [] : [["Until", when(until)] as [string, string]]),
  ];
  if (total === 1 && one.run_id !== null) found.push(["Run", `\`${escaped(one.run_id)}\``]);
  const [was] = one.reasons;
  if (total === 1 && until !== null && was !== undefined) found.push(["It was", escaped(was.detail)]);
  const blocked = [...new Set(pipelines.filter(({ open }) => open).flatMap(({ blocks }) => blocks))];
  if (blocked.length > 0 && until === null) {
    const shown = blocked.slice(0, 8).map(escaped).join(", ");
    found.push(["Holds back", blocked.length > 8 ? `${shown} and ${blocked.length - 8} more` : shown]);
  }
  return found.map(([label, text]) => ({ type: "mrkdwn" as const, text: cut(`${bold(label)}\n${text}`, 2000) }));
}

/** In the reader's own time zone. */
export function when(ms: number): string {
  return `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} {time}|${formatTime(ms)}>`;
}

function buttons({ links, severity, until }: NoticeMessage): SlackBlock[] {
  const fitting = links.filter(({ url }) => url.length <= LIMITS.url).slice(0, 5);
  if (fitting.length === 0) return [];
  const elements = fitting.map(({ label, url }, i) => ({
    type: "button" as const,
    text: { type: "plain_text" as const, text: cut(label, 75) },
    url,
    action_id: `open_${i}`,
    ...(i === 0 && until === null && severity === "critical" ? { style: "primary" as const } : {}),
  }));
  return [{ type: "actions", elements }];
}

/** A digest in Slack: one block a list, the columns in a fixed width. */
function slackDigest(digest: Digest): SlackBlock[] {
  return digestLists(digest).map(({ title, lines, more }) => {
    const text = lines.length === 0 ? "none" : `\`\`\`\n${escaped(lines.join("\n")).slice(0, 2700)}\n\`\`\``;
    return section(`${bold(escaped(title))}\n${text}${more > 0 ? `and ${more} more` : ""}`);
  });
}
