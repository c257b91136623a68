import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/run-folder.ts"],
    // They end a hang; they measure nothing: a busy machine may take minutes to start a real program.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: "forks",
    // Half of the tests wait for real programs.
    maxWorkers: 4,
    // Loading the agent takes longer than most files: each worker loads it once.
    isolate: false,
  },
});
