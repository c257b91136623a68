// Loaded before a program that scripts/lib/supervise.mjs runs: when that process is gone, however it ended, so is this one.
if (process.channel) {
  // The channel is for its end alone, and keeps nobody from ending.
  process.channel.unref();
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
}
