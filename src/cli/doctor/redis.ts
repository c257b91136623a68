import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { redact } from "../../config.ts";
import { type AgentPlace, bad, type Finding, ok } from "./finding.ts";

const PATIENCE_MS = 5_000;

/** Whether what REDIS_URL names answers PING. */
export async function checkRedis({ config: { redis_url } }: AgentPlace): Promise<Finding[]> {
  if (redis_url === null) return [];
  const answer = await ping(new URL(redis_url)).catch((error: Error) => error);
  if (!(answer instanceof Error) && answer.includes("+PONG")) return [ok("redis", `${redact(redis_url)} answers`)];
  const said =
    answer instanceof Error
      ? answer.message || String((answer as NodeJS.ErrnoException).code)
      : answer.split("\r\n")[0]!;
  return [bad("redis", `${redact(redis_url)} does not answer: ${said}`, "start it, or mend REDIS_URL")];
}

function ping({ protocol, hostname, port, username, password }: URL): Promise<string> {
  const credentials = [username, password].map(decodeURIComponent).filter((text) => text !== "");
  const lines = [...(password === "" ? [] : [["AUTH", ...credentials]]), ["PING"]];
  const place = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 6379) };
  return new Promise((resolve, reject) => {
    const socket: Socket =
      protocol === "rediss:" ? connectTls({ ...place, servername: place.host }) : connectPlain(place);
    let said = "";
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      said += chunk.toString();
      if (said.split("\r\n").length <= lines.length && !said.startsWith("-")) return;
      socket.destroy();
      resolve(said);
    });
    socket.on("close", () => resolve(said));
    socket.write(lines.map(respArray).join(""));
  });
}

function respArray(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
}
