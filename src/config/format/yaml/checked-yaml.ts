import type { TSchema } from "typebox";
import type { ConfigProblems } from "../problems.ts";
import { checkStructure } from "./check-structure.ts";
import { type Path, YamlText } from "./yaml-text.ts";

/** A YAML file held against its schema. What is wrong went to the problems, and is not handed out. */
export class CheckedYaml {
  /** Relative paths in the file start here. */
  readonly directory: string;
  readonly #text: YamlText;
  readonly #wrong: Path[];

  constructor(name: string, directory: string, text: string, schema: TSchema, problems: ConfigProblems) {
    this.directory = directory;
    this.#text = new YamlText(name, text, problems);
    const findings = this.#text.value === null ? [] : checkStructure(this.#text.value, schema);
    for (const { path, part, message } of findings) {
      problems.add(this.#text.where(path, part), path.length === 0 ? message : `${dotted(path)}: ${message}`);
    }
    this.#wrong = findings.map(({ path }) => path);
  }

  /** undefined: not there, or wrong. */
  get(path: Path): unknown {
    if (this.#wrong.some((wrong) => startsWith(wrong, path) || startsWith(path, wrong))) return undefined;
    return this.#find(path);
  }

  /** The items of the list at `path` that are right, with their places. */
  items<T>(path: Path): { item: T; path: Path }[] {
    const list = this.#find(path);
    if (!Array.isArray(list)) return [];
    return list
      .map((_item, index) => [...path, index])
      .flatMap((at) => {
        const item = this.get(at);
        return item === undefined ? [] : [{ item: item as T, path: at }];
      });
  }

  /** Whether there are but comments in it. */
  get says_nothing(): boolean {
    return this.#text.value === null;
  }

  /** Whether the key is there and nothing stands behind it, not even null. */
  isBlank(path: Path): boolean {
    return this.#text.isBlank(path);
  }

  where(path: Path): string {
    return this.#text.where(path);
  }

  #find(path: Path): unknown {
    let value = this.#text.value;
    for (const step of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
      value = (value as Record<string | number, unknown>)[step];
    }
    return value;
  }
}

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => step === path[index]);
}

/** `sla.targets[0].target` */
export function dotted(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`),
    "",
  );
}
