// Reports without end, as fast as it can, with a turn of the event loop now and then.
const { createClient } = await import(process.env.CLIENT);
const run = createClient().pipeline("flood").attach("r1");
for (let i = 1; ; i++) {
  run.records("load", 1);
  if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  if (i === 2000) process.stdout.write("under way\n");
}
