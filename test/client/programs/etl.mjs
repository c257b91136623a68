// A pipeline: prints its result, or fails as ENDING says. Which client it uses is told by CLIENT, the agent by SLUICE_URL.
const { createClient } = await import(process.env.CLIENT);
const { ENDING = "well", RUN_ID = "r1", RECORDS = "1", FLUSH = "20" } = process.env;

const client = createClient({ flushDeadlineSeconds: Number(FLUSH) });

class DiskFull extends Error {
  code = "ENOSPC";
}

const result = await client.pipeline("orders").run(
  async (run) => {
    for (let i = 0; i < Number(RECORDS); i++) run.records("load", 1);
    run.quality("null_rate", 0.99);
    if (ENDING === "throws") throw new DiskFull("no space left for orders");
    if (ENDING === "exits") process.exit(3);
    if (ENDING === "crashes") setTimeout(() => undefined.name, 0);
    if (ENDING === "waits" || ENDING === "crashes") {
      process.stdout.write("reported\n");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    }
    if (ENDING === "blocks") {
      // No turn of the event loop from here on.
      const { writeSync } = await import("node:fs");
      run.records("load", 1);
      writeSync(1, "reported\n");
      for (;;) Math.random();
    }
    return { loaded: Number(RECORDS) };
  },
  { run_id: RUN_ID },
);
process.stdout.write(`${JSON.stringify(result)}\n`);
