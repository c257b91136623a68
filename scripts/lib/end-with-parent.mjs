// Loaded before a program that scripts/lib/supervise.mjs runs: ends this process when that one ends, however it ended.
if (process.channel) {
  // The channel only reports the end of the parent, and does not keep this process alive.
  process.channel.unref();
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
}
