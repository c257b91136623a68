import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

export interface MailServer {
  port: number;
  mails: Email[];
  /** Attempts that got as far as the message, whatever was answered. */
  attempts: number;
  /** What the message is answered with from now on; null: it is taken. */
  answer(error: { code: number; text: string } | null): void;
  /** Called before each message is answered. */
  beforeAnswer(work: () => Promise<void>): void;
  stop(): Promise<void>;
}

export const MAIL_USER = "sluice";
export const MAIL_PASSWORD = "correct horse&battery/staple";

/** A real SMTP server; where `login` is set it wants MAIL_USER and MAIL_PASSWORD, and says aloud what it was given. */
export async function mailServer({ login = false, port = 0 } = {}): Promise<MailServer> {
  let refusal: { code: number; text: string } | null = null;
  let before = async () => {};
  const state: Pick<MailServer, "mails" | "attempts"> = { mails: [], attempts: 0 };
  const server = new SMTPServer({
    authOptional: !login,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth(auth, _session, done) {
      if (auth.username === MAIL_USER && auth.password === MAIL_PASSWORD) return done(null, { user: MAIL_USER });
      done(Object.assign(new Error(`no login for ${auth.username} with ${auth.password}`), { responseCode: 535 }));
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        state.attempts++;
        await before();
        if (refusal !== null) return done(Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
        state.mails.push(await PostalMime.parse(Buffer.concat(chunks)));
        done();
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    get mails() {
      return state.mails;
    },
    get attempts() {
      return state.attempts;
    },
    answer: (error) => {
      refusal = error;
    },
    beforeAnswer: (work) => {
      before = work;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
