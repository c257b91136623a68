import { startEmbeddedPostgres } from "../../src/adapters/postgres/embedded/start-embedded-postgres.ts";
import { StartupError } from "../../src/adapters/postgres/embedded/startup-error.ts";

// A stand-in for the agent, to be killed by tests: starts the embedded server and says on standard output how that went.
const [dataDir = "", owner] = process.argv.slice(2);
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const postgres = await startEmbeddedPostgres(owner === undefined ? { dataDir } : { dataDir, owner });
  process.on("SIGTERM", async () => {
    await postgres.stop();
    process.exit(0);
  });
  say({ connection: postgres.connection, server_pid: postgres.server_pid });
} catch (error) {
  say({ code: error instanceof StartupError ? error.code : "unexpected", message: String(error) });
  process.exitCode = 1;
}
