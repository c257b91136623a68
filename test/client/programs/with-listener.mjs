// A pipeline that ends well on SIGTERM by itself, listening once.
const { createClient } = await import(process.env.CLIENT);
const client = createClient({ flushDeadlineSeconds: 20 });
const stopped = new Promise((resolve) => process.once("SIGTERM", resolve));
const awake = setInterval(() => {}, 1000);
await client.pipeline("orders").run(
  async (run) => {
    run.records("load", 1);
    process.stdout.write("reported\n");
    await stopped;
    run.records("load", 1);
  },
  { run_id: "r1" },
);
clearInterval(awake);
process.stdout.write("tidied up\n");
process.exitCode = 7;
