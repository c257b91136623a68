import { connect, type Socket } from "node:net";

/** A connection that asks for the events and reads no more than the head of the answer. */
export async function muteListener(port: number, headers: Record<string, string> = {}): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  // The agent lets it go at a moment of its own.
  socket.on("error", () => {});
  const extra = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /v1/events HTTP/1.1\r\nhost: localhost\r\n${extra.join("")}\r\n`);
  await new Promise<void>((resolve, reject) => {
    socket.once("data", (chunk: Buffer) => {
      socket.pause();
      if (chunk.toString().startsWith("HTTP/1.1 200")) resolve();
      else reject(new Error(chunk.toString().slice(0, 300)));
    });
    socket.once("close", () => reject(new Error("closed before an answer")));
  });
  return socket;
}

/** What a healthy listener is told, as it comes; `ended` when the agent has closed the stream. */
export async function listen(port: number, headers: Record<string, string> = {}) {
  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/v1/events`, { headers, signal: leaving.signal });
  const listener = { status: response.status, text: "", ended: false, leave: () => leaving.abort() };
  void (async () => {
    try {
      for await (const chunk of response.body!) listener.text += Buffer.from(chunk).toString();
    } catch {
      // Closed by either side.
    }
    listener.ended = true;
  })();
  return listener;
}

/** How many events of this kind were told. */
export function eventsIn({ text }: { text: string }, event: "run" | "verdict" | "gate"): number {
  return text.split(`event: ${event}\n`).length - 1;
}
