import type { NoticeMessage } from "../../../domain/notices/words/message.ts";
import { emailHtml } from "./email-html.ts";
import { emailText } from "./email-text.ts";
import { svgsOf } from "./pictures.ts";

/** The mail as a page that stands by itself: its pictures are in it. */
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
