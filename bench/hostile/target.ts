import http from "node:http";
import { connect, type Socket } from "node:net";

/** The agent under attack, and the key of the one who attacks. */
export interface Target {
  port: number;
  key: string;
}

/** What was answered, and how often: `200`, `429 too_many_new`, `closed`. */
export type Answers = Map<string, number>;

export interface Load {
  name: string;
  /** Attacks at least until `enough` resolves: the honest have asked and been answered a number of times meanwhile. */
  run(target: Target, enough: () => Promise<void>): Promise<Answers>;
}

export function count(answers: Answers, answer: string): void {
  answers.set(answer, (answers.get(answer) ?? 0) + 1);
}

const connections = new http.Agent({ keepAlive: true, maxSockets: 32 });

/** Status and code; `closed` where the connection ended before an answer. Never throws. */
export function ask({ port, key }: Target, method: string, path: string, body?: string): Promise<string> {
  return new Promise((resolve) => {
    const request = http.request(
      {
        host: "127.0.0.1",
        port,
        method,
        path,
        agent: connections,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          if (text.length < 2000) text += chunk;
        });
        response.on("error", () => resolve("closed"));
        response.on("end", () => resolve(`${response.statusCode}${codeIn(response.statusCode, text)}`));
      },
    );
    request.on("error", () => resolve("closed"));
    request.end(body);
  });
}

function codeIn(status: number | undefined, text: string): string {
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  return status === 200 || code === undefined ? "" : ` ${code}`;
}

/** A connection that has sent this text and reads nothing but the first of an answer. */
export interface HeldSocket {
  socket: Socket;
  /** The first line of what came, so far. */
  heard(): string;
}

export function hold(port: number, text: string, onHeard: (line: string) => void = () => {}): HeldSocket {
  const socket = connect(port, "127.0.0.1", () => socket.write(text));
  let line = "";
  socket.on("error", () => {});
  socket.once("data", (chunk: Buffer) => {
    line = chunk.toString().split("\r\n")[0]!;
    onHeard(line);
    socket.pause();
  });
  return { socket, heard: () => line };
}
