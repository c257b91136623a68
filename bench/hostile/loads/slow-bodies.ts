import { type Answers, count, hold, type Load, type Target } from "../target.ts";

/** So many connections that announce a body of this length and send a byte of it now and then, or none where `trickle` is false. */
export function slowBodies(connections: number, declared: number, trickle: boolean): Load {
  return {
    name: `${connections} ${trickle ? "slow bodies" : "sockets with headers only"}`,
    async run({ port, key }: Target, enough): Promise<Answers> {
      const answers: Answers = new Map();
      const head = `POST /v1/runs HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${declared}\r\n\r\n`;
      const held = Array.from({ length: connections }, () =>
        hold(port, head, (line) => count(answers, line.split(" ")[1] ?? "closed")),
      );
      const timer = trickle
        ? setInterval(() => {
            for (const { socket } of held) if (!socket.destroyed) socket.write(" ");
          }, 200)
        : undefined;
      await enough();
      clearInterval(timer);
      for (const { socket } of held) socket.destroy();
      return answers;
    },
  };
}
