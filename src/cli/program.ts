import { Command } from "commander";
import { VERSION } from "../version.ts";
import type { Edge } from "./edge.ts";
import * as help from "./help.ts";
import type { KeysCreateOptions } from "./keys-create.ts";

/** The commands. Each is loaded when it runs, so that a start does not wait for what it does not need. */
export function createProgram(edge: Edge, done: (code: number) => void): Command {
  const program = new Command("sluice")
    .description(help.ABOUT)
    .version(VERSION, "--version", "print the version")
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => edge.out(text.trimEnd()),
      writeErr: (text) => edge.err(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, "sluice: ")),
    })
    .showHelpAfterError('("sluice --help" lists the commands and their options)')
    .exitOverride();

  program
    .command("serve", { isDefault: true })
    .description("start the agent")
    .addHelpText("after", help.SERVE)
    .action(async () => done(await (await import("./serve.ts")).serve(edge)));

  const config = program.command("config").description("check the configuration, or print its schema");
  config
    .command("check")
    .description("print the configuration that a start would use, secrets hidden, or what is wrong with it")
    .action(async () => done((await import("./config-check.ts")).configCheck(edge)));
  config
    .command("schema")
    .description("print the JSON Schema of sluice.yaml")
    .addHelpText("after", help.CONFIG_SCHEMA)
    .action(async () => done((await import("./config-schema.ts")).configSchema(edge)));

  const keys = program.command("keys").description("make and list API keys");
  keys
    .command("create")
    .description("make an API key: prints it once, and the entry with its hash that the agent needs")
    .option("--name <name>", "what the key is called in logs (required)")
    .option("--role <role>", "what it may do (required); may be given several times", collect)
    .option("--pipelines <glob>", "the pipelines it may touch, all without it; may be given several times", collect)
    .option("--file <file>", "the file to add the entry to, made where it is missing")
    .addHelpText("after", help.KEYS_CREATE)
    .action(async (options: KeysCreateOptions) =>
      done(await (await import("./keys-create.ts")).keysCreate(options, edge)),
    );
  keys
    .command("list")
    .description("list the keys of sluice.yaml and of the file that SLUICE_API_KEYS_FILE names")
    .action(async () => done((await import("./keys-list.ts")).keysList(edge)));

  program
    .command("migrate")
    .description("bring the database's schema up to date without starting the agent (a start does it as well)")
    .action(async () => done(await (await import("./migrate.ts")).migrate(edge)));
  program
    .command("version")
    .description("print the version")
    .action(async () => done((await import("./version.ts")).version(edge)));
  return program;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
