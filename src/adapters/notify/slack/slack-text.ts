/** The part of Block Kit that messages here use: https://docs.slack.dev/reference/block-kit/blocks */
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

/** Escapes the three special characters of Slack, so that a pipeline name cannot call @channel. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Does not cut inside an escape. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/&[a-z]*$/, "")}…`;
}

export function bold(text: string): string {
  return `*${text.replaceAll("*", "∗")}*`;
}

export function section(text: string): SlackBlock {
  return { type: "section", text: { type: "mrkdwn", text: cut(text, LIMITS.text) } };
}
