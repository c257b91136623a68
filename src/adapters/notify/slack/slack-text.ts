/** As much of Block Kit as messages here use: https://docs.slack.dev/reference/block-kit/blocks */
export interface SlackText {
  type: "mrkdwn" | "plain_text";
  text: string;
}

export interface SlackButton {
  type: "button";
  text: SlackText;
  url: string;
  action_id: string;
  style?: "primary";
}

export type SlackBlock =
  | { type: "section"; text: SlackText }
  | { type: "section"; fields: SlackText[] }
  | { type: "context"; elements: SlackText[] }
  | { type: "divider" }
  | { type: "actions"; elements: SlackButton[] };

export interface SlackMessage {
  text: string;
  attachments: { color: string; fallback: string; blocks: SlackBlock[] }[];
}

/** Characters; past them Slack refuses the message. */
export const LIMITS = { text: 3000, url: 3000 } as const;

/** The three characters that mean something to Slack: nobody's pipeline name calls @channel. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Not in the middle of an escape. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/&[a-z]*$/, "")}…`;
}

export function bold(text: string): string {
  return `*${text.replaceAll("*", "∗")}*`;
}

export function section(text: string): SlackBlock {
  return { type: "section", text: { type: "mrkdwn", text: cut(text, LIMITS.text) } };
}
