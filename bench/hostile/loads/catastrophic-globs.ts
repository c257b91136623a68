import { type Answers, ask, count, type Load, type Target } from "../target.ts";

/** Globs that a backtracking matcher never comes back from, and a thousand harmless ones at once, against long names. */
export function catastrophicGlobs(rounds: number): Load {
  return {
    name: `${rounds} rounds of catastrophic globs`,
    async run(target: Target, enough): Promise<Answers> {
      const answers: Answers = new Map();
      const pipeline_name = "hostile_globs";
      const report = { pipeline_name, run_id: "1", check_name: "a".repeat(190), score: 1 };
      count(answers, await ask(target, "POST", "/v1/quality", JSON.stringify(report)));
      count(
        answers,
        await ask(target, "POST", "/v1/runs", JSON.stringify({ pipeline_name, run_id: "1", status: "success" })),
      );
      const policy = (globs: string[]) =>
        JSON.stringify({ policy: { quality: { checks: globs.map((check_name) => ({ check_name, minimum: 0.5 })) } } });
      const bodies = [
        policy(["*a*a*a*a*b"]),
        policy([`${"*a".repeat(60)}*b`]),
        policy(Array.from({ length: 1000 }, (_, i) => `*${i}*x*`)),
      ];
      for (let round = 0; round < rounds; round++) {
        for (const body of bodies) {
          count(answers, `evaluate ${await ask(target, "POST", `/v1/gates/${pipeline_name}/evaluate`, body)}`);
        }
      }
      await enough();
      return answers;
    },
  };
}
