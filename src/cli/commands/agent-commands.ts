import * as help from "../help.ts";
import type { KeysCreateOptions } from "../keys/keys-create.ts";
import { type CommandLine, withJson } from "./command-line.ts";

/** For whoever runs an agent. */
export function agentCommands({ program, edge, done }: CommandLine): void {
  program
    .command("serve", { isDefault: true })
    .description("start the agent")
    .addHelpText("after", help.SERVE)
    .action(async () => done(await (await import("../agent/serve.ts")).serve(edge)));

  const config = program.command("config").description("check the configuration, or print its schema");
  withJson(config.command("check"))
    .description("print the configuration that a start would use, secrets hidden, or what is wrong with it")
    .addHelpText("after", help.CONFIG_CHECK)
    .action(async (options: { json?: boolean }) =>
      done((await import("../agent/config-check.ts")).configCheck(options, edge)),
    );
  config
    .command("schema")
    .description("print the JSON Schema of sluice.yaml")
    .addHelpText("after", help.CONFIG_SCHEMA)
    .action(async () => done((await import("../agent/config-schema.ts")).configSchema(edge)));

  const keys = program.command("keys").description("make and list API keys");
  withJson(keys.command("create"))
    .description("make an API key: prints it once, and the entry with its hash that the agent needs")
    .option("--name <name>", "what the key is called in logs (required)")
    .option("--role <role>", "what it may do (required); may be given several times", collect)
    .option("--pipelines <glob>", "the pipelines it may touch, all without it; may be given several times", collect)
    .option("--file <file>", "the file to add the entry to, made where it is missing")
    .addHelpText("after", help.KEYS_CREATE)
    .action(async (options: KeysCreateOptions) =>
      done(await (await import("../keys/keys-create.ts")).keysCreate(options, edge)),
    );
  withJson(keys.command("list"))
    .description("list the keys of sluice.yaml and of the file that SLUICE_API_KEYS_FILE names")
    .addHelpText("after", help.KEYS_LIST)
    .action(async (options: { json?: boolean }) =>
      done((await import("../keys/keys-list.ts")).keysList(options, edge)),
    );

  withJson(program.command("migrate"))
    .description("bring the database's schema up to date without starting the agent (a start does it as well)")
    .addHelpText("after", help.MIGRATE)
    .action(async (options: { json?: boolean }) =>
      done(await (await import("../agent/migrate.ts")).migrate(options, edge)),
    );
  withJson(program.command("doctor"))
    .description("look for what would keep the agent or its clients from working, and say how to mend it")
    .option("--url <url>", "the agent that clients here use (default: SLUICE_URL)")
    .option("--api-key-file <file>", "a file that holds the client's API key (default: SLUICE_API_KEY holds it)")
    .addHelpText("after", help.DOCTOR)
    .action(async (options: { json?: boolean }) =>
      done(await (await import("../doctor/doctor.ts")).doctor(options, edge)),
    );
  withJson(program.command("version"))
    .description("print the version")
    .addHelpText("after", help.VERSION)
    .action(async (options: { json?: boolean }) => done((await import("../version.ts")).version(options, edge)));
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
