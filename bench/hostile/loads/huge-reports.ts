import { type Answers, ask, count, type Load, type Target } from "../target.ts";

const many = (length: number, of: (i: number) => [string, unknown]) =>
  Object.fromEntries(Array.from({ length }, (_, i) => of(i)));

/** The largest bodies of each kind that cost more than their bytes say, several at a time. */
export function hugeReports(rounds: number): Load {
  const report = (features: object) => JSON.stringify({ pipeline_name: "hostile_0", run_id: "1", features });
  const reference = { values: Array.from({ length: 100 }, (_, i) => i) };
  const values = Array.from({ length: 60 }, (_, i) => i);
  const bodies: [path: string, body: string][] = [
    ["/v1/drift", report({ f: { categories: many(400_000, (i) => [`category ${i}`, 1]) } })],
    ["/v1/drift", report(many(10, (i) => [`c${i}`, { categories: many(10_000, (j) => [`category ${j}`, 1]) }]))],
    ["/v1/drift", report(many(9000, (i) => [`feature ${i}`, { values, reference }]))],
    ["/v1/reports", `[${"{},".repeat(3_000_000)}{}]`],
    ["/v1/runs", `${"[".repeat(5_000_000)}${"]".repeat(5_000_000)}`],
    ["/v1/runs", JSON.stringify(many(600_000, (i) => [`field ${i}`, 1]))],
  ];
  return {
    name: `${rounds} × ${bodies.length} huge bodies`,
    async run(target: Target, enough): Promise<Answers> {
      const answers: Answers = new Map();
      for (let round = 0; round < rounds; round++) {
        await Promise.all(
          bodies.map(async ([path, body]) => count(answers, `${path} ${await ask(target, "POST", path, body)}`)),
        );
      }
      await enough();
      return answers;
    },
  };
}
