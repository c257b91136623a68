import type { Digest } from "../../../domain/notices/digest.ts";
import { digestLists } from "../digest-lists.ts";
import { bold, escaped, type SlackBlock, section } from "./slack-text.ts";

/** A digest in Slack: one block a list, the columns in a fixed width. */
export function slackDigest(digest: Digest): SlackBlock[] {
  return digestLists(digest).map(({ title, lines, more }) => {
    const text = lines.length === 0 ? "none" : `\`\`\`\n${escaped(lines.join("\n")).slice(0, 2700)}\n\`\`\``;
    return section(`${bold(escaped(title))}\n${text}${more > 0 ? `and ${more} more` : ""}`);
  });
}
