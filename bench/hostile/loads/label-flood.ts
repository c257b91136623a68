import { type Answers, ask, count, type Load, type Target } from "../target.ts";

/** New pipelines with long names, in batches of five hundred, as fast as they are answered. */
export function labelFlood(batches: number): Load {
  return {
    name: `${batches * 500} new pipelines`,
    async run(target: Target, enough): Promise<Answers> {
      const answers: Answers = new Map();
      const long = "x".repeat(130);
      for (let batch = 0; batch < batches; batch++) {
        const runs = Array.from({ length: 500 }, (_, i) => ({
          kind: "run",
          pipeline_name: `flood_${batch}_${i}_${long}`,
          run_id: "1",
          status: "success",
        }));
        count(answers, await ask(target, "POST", "/v1/reports", JSON.stringify(runs)));
      }
      await enough();
      return answers;
    },
  };
}
