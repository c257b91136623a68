import { SMTPServer } from "smtp-server";

/** Accepts mail on a loopback port and passes it on unchanged instead of delivering it. */
export async function startMailCatcher({ port, onMail }) {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, session, done) {
      const chunks = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("error", done);
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        onMail({ to, raw: Buffer.concat(chunks) });
        done();
      });
    },
  });
  // A client may close the connection at any time.
  server.on("error", () => {});
  await new Promise((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    name: "the mail catcher",
    address: `localhost:${server.server.address().port}`,
    ended: new Promise(() => {}),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
