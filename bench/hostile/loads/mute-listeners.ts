import { type Answers, ask, count, hold, type Load, type Target } from "../target.ts";

/** So many connections follow the events and read none of them, while batches of runs are reported. */
export function muteListeners(connections: number, batches: number): Load {
  return {
    name: `${connections} mute listeners`,
    async run(target: Target, enough): Promise<Answers> {
      const answers: Answers = new Map();
      const text = `GET /v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${target.key}\r\n\r\n`;
      const held = Array.from({ length: connections }, () =>
        hold(target.port, text, (line) => count(answers, `events ${line.split(" ")[1]}`)),
      );
      const error = "what went wrong, at length; ".repeat(200);
      for (let batch = 0; batch < batches; batch++) {
        const runs = Array.from({ length: 200 }, (_, i) => ({
          kind: "run",
          pipeline_name: `hostile_${i}`,
          run_id: `${batch}`,
          status: "failed",
          error,
        }));
        count(answers, await ask(target, "POST", "/v1/reports", JSON.stringify(runs)));
      }
      await enough();
      for (const { socket } of held) socket.destroy();
      return answers;
    },
  };
}
