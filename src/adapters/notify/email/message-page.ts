import type { NoticeMessage } from "../../../domain/notices/words/message.ts";
import { emailHtml } from "./email-html.ts";
import { emailText } from "./email-text.ts";
import { svgsOf } from "./pictures.ts";

/** The mail as a self-contained page with its pictures embedded. */
export function messagePage(message: NoticeMessage): string {
  const svgs = svgsOf(message);
  return emailHtml(message, (name) => {
    const svg = svgs.get(name);
    return svg === undefined ? null : `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  });
}

export function messageText(message: NoticeMessage): string {
  return emailText(message);
}
