import path from "node:path";
import type { TSchema } from "typebox";
import type { Field, FieldSchema } from "../field.ts";
import type { ConfigProblems } from "../problems.ts";
import { CheckedYaml, dotted } from "../yaml/checked-yaml.ts";
import { wrongValue } from "../yaml/wrong-value.ts";
import type { Path } from "../yaml/yaml-text.ts";
import type { Files } from "./files.ts";
import { readNamedFile, readSecretFile } from "./read-named-file.ts";
import type { Environment, Variable } from "./variable.ts";

/** A value that was set. */
interface Given {
  /** The variable, or file:line:column. */
  where: string;
  /** undefined: what was given is already known to be wrong. */
  value: unknown;
  /** Relative paths start here. */
  directory: string;
}

/** Where values come from: a variable, else the file, else the default. */
export class Sources {
  readonly problems: ConfigProblems;
  /** sluice.yaml, where there is one. */
  readonly file: CheckedYaml | null;
  readonly #env: Environment;
  readonly #files: Files;
  readonly #origins = new Map<string, string>();

  constructor(env: Environment, files: Files, file: CheckedYaml | null, problems: ConfigProblems) {
    this.problems = problems;
    this.file = file;
    this.#env = env;
    this.#files = files;
  }

  /** Reports what is wrong, and answers the default then. */
  read<T>(field: Field<T>, at: Path, variable?: Variable): T {
    const fromVariable = variable && this.#fromVariable(variable);
    const given = fromVariable ?? this.#fromFile(at);
    const byDefault = () => field.read(field.schema.default, this.#files.directory) as T;
    if (given === undefined || given.value === undefined) return byDefault();
    this.#origins.set(dotted(at), given.where);
    const value = field.read(given.value, given.directory);
    if (value !== undefined) return value;
    const schema: FieldSchema = (fromVariable && field.variable_schema) ?? field.schema;
    const label = fromVariable ? "" : `${dotted(at)}: `;
    this.problems.add(given.where, label + wrongValue(given.value, schema));
    return byDefault();
  }

  /** The YAML file that `variable` names; null where it is not set, or is wrong. */
  open(variable: string, schema: TSchema): CheckedYaml | null {
    const name = this.#env[variable];
    if (name === undefined) return null;
    const text = readNamedFile(this.#files, variable, name, this.problems);
    if (text === null) return null;
    const directory = path.dirname(path.resolve(this.#files.directory, name));
    return new CheckedYaml(name, directory, text, schema, this.problems);
  }

  /** What set the value: the variable, or file:line:column. */
  origin(at: Path): string {
    return this.#origins.get(dotted(at)) ?? dotted(at);
  }

  /** What a secret variable, or the file that NAME_FILE names, says; null: neither is set, or it is known to be wrong. */
  secret(name: string): { where: string; value: string } | null {
    const given = this.#fromVariable({ name, secret: true });
    return typeof given?.value === "string" ? { where: given.where, value: given.value } : null;
  }

  /** The secret in a file that a key of the YAML file names; null after a problem. */
  readFile(where: string, name: string, directory: string): string | null {
    return readSecretFile({ ...this.#files, directory }, where, name, this.problems);
  }

  #fromVariable({ name, secret = false, empty_is_unset = false }: Variable): Given | undefined {
    const { directory } = this.#files;
    const value = empty_is_unset && this.#env[name] === "" ? undefined : this.#env[name];
    const file = secret ? this.#env[`${name}_FILE`] : undefined;
    if (file === undefined) return value === undefined ? undefined : { where: name, value, directory };
    const where = `${name}_FILE`;
    if (value !== undefined) {
      this.problems.add(name, `both ${name} and ${where} are set; keep one of them`);
      return { where, value: undefined, directory };
    }
    return { where, value: readSecretFile(this.#files, where, file, this.problems) ?? undefined, directory };
  }

  #fromFile(at: Path): Given | undefined {
    const value = this.file?.get(at);
    if (this.file === null || value === undefined) return undefined;
    return { where: this.file.where(at), value, directory: this.file.directory };
  }
}
