import { SMTPServer } from "smtp-server";

/** Takes every mail that comes to a loopback port and hands it on as it was sent, instead of delivering it. */
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
  // A client that goes away in the middle is no trouble of the catcher's.
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
