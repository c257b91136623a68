// Loaded before a program: on SIGUSR2 a promise fails of which nobody hears.
process.on("SIGUSR2", () => {
  Promise.reject(new Error("nobody waits for this"));
});
