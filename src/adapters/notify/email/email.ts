import { createTransport } from "nodemailer";
import { eager } from "../../../ports/eager.ts";
import type { LeasedNotice, Notifier, SendOutcome } from "../../../ports.ts";
import { noAnswer, SEND_TIMEOUT_MS } from "../classify.ts";
import { type HideSecrets, hideSecrets } from "../hide-secrets.ts";
import { emailHtml } from "./email-html.ts";
import { emailText } from "./email-text.ts";
import { svgsOf } from "./pictures.ts";

export interface EmailSettings {
  name: string;
  /** smtp://USER:PASSWORD@HOST:587 (STARTTLS where the server offers it), smtps://…:465 (TLS from the start). */
  smtp_url: string;
  from: string;
  to: readonly string[];
  timeout?: number;
}

/** Bounds a server that answers slowly but keeps answering, in timeouts; in all less than the lease of the courier. */
const DEADLINE = 3;

/** Message-ID of the mail that started the thread. */
interface EmailRef {
  message_id: string;
}

type Attachment = { filename: string; content: Buffer; cid: string; contentType: string };

/** Sends mail. A notice keeps its Message-ID when it is sent again, and later mails of its thread refer to the first. */
export function emailNotifier({ name, smtp_url, from, to, timeout = SEND_TIMEOUT_MS }: EmailSettings): Notifier {
  const hide = hideSecrets(secretsOf(smtp_url));
  const timeouts = {
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
  };
  const transport = createTransport({ url: smtp_url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  return {
    channel: name,
    threads: true,
    async send(notice): Promise<SendOutcome> {
      const first = notice.thread?.ref as EmailRef | null | undefined;
      const message_id = `<${notice.notice_id}@${hostOf(from)}>`;
      try {
        const mail = await mailOf(notice);
        const sending = eager(
          transport.sendMail({
            ...mail,
            from,
            to: [...to],
            messageId: message_id,
            headers: { "Auto-Submitted": "auto-generated", "X-Sluice-Notice": notice.notice_id },
            ...(first == null ? {} : { inReplyTo: first.message_id, references: [first.message_id] }),
          }),
        );
        const sent = await endsWithin(sending, DEADLINE * timeout);
        const refused = (sent.rejected ?? []).map(String);
        if (refused.length > 0 && (sent.accepted ?? []).length === 0) return refusedAll(refused, hide);
        return { outcome: "ok", ref: first == null ? ({ message_id } satisfies EmailRef) : null };
      } catch (error) {
        return classify(error, hide);
      }
    },
    close: () => transport.close(),
  };
}

async function mailOf({ message }: Pick<LeasedNotice, "message">) {
  const attachments = await picturesOf(message);
  const known = new Set(attachments.map(({ cid }) => cid));
  const sign = message.until !== null ? "[over]" : `[${message.kind === "digest" ? "digest" : message.severity}]`;
  return {
    subject: `${sign} ${message.title}`.replace(/\s+/g, " ").slice(0, 250),
    text: emailText(message),
    html: emailHtml(message, (picture) => (known.has(`${picture}@sluice`) ? `cid:${picture}@sluice` : null)),
    attachments,
  };
}

/** Sends the mail without pictures where they cannot be drawn. */
async function picturesOf(message: LeasedNotice["message"]): Promise<Attachment[]> {
  const svgs = svgsOf(message);
  if (svgs.size === 0) return [];
  try {
    const { pngOf } = await import("./png.ts");
    return [...svgs].map(([name, svg]) => ({
      filename: `${name}.png`,
      content: pngOf(svg),
      cid: `${name}@sluice`,
      contentType: "image/png",
    }));
  } catch {
    return [];
  }
}

async function endsWithin<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** 4yz answers and lost connections are sent again; 5yz answers, wrong passwords and wrong addresses are permanent. */
function classify(error: unknown, hide: HideSecrets): SendOutcome {
  const { responseCode, response, message, code } = error as {
    responseCode?: number;
    response?: string;
    message: string;
    code?: string;
  };
  if (responseCode === undefined) {
    if (code === "EENVELOPE" || code === "EMESSAGE") return { outcome: "permanent", reason: hide(message) };
    return noAnswer(error, hide);
  }
  const reason = hide(`SMTP ${response ?? message}`);
  if (responseCode >= 500) return { outcome: "permanent", reason };
  return { outcome: "retry", reason, after: null };
}

function refusedAll(refused: readonly string[], hide: HideSecrets): SendOutcome {
  return { outcome: "permanent", reason: hide(`the server refused ${refused.join(", ")}`) };
}

function secretsOf(smtp_url: string): string[] {
  const { username, password, searchParams } = new URL(smtp_url);
  const [user, word] = [decodeURIComponent(username), decodeURIComponent(password)];
  // Also in the form of AUTH PLAIN.
  const together = word === "" ? [] : [word, Buffer.from(`\0${user}\0${word}`).toString("base64")];
  return [...together, ...(word === "" ? [] : [smtp_url]), ...searchParams.values()];
}

function hostOf(from: string): string {
  return /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? "sluice.invalid";
}
