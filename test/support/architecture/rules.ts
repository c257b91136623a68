import type { Import, Source } from "./read-sources.ts";
import {
  ALSO_MAY_IMPORT,
  CROWDED_WITH_REASON,
  GROUND,
  JOINS_BY_HAND,
  LAZY_PACKAGES,
  MAY_IMPORT,
  MAY_USE_PACKAGES,
  PURE_ROOMS,
  READS_ENVIRONMENT,
  roomOf,
  SHORT_WITH_REASON,
} from "./rooms.ts";

// Each rule returns a sentence for each breach.

export function wrongImports(sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    source.imports.flatMap((found) => (found.ours ? wrongRoom(source.file, found) : wrongPackage(source.file, found))),
  );
}

function wrongRoom(file: string, { target, typeOnly }: Import): string[] {
  const [from, to] = [roomOf(file), roomOf(target)];
  const permission = MAY_IMPORT[from];
  if (permission === undefined) return [`${file}: ${from} is no room of rooms.ts`];
  if (!target.startsWith("src/")) {
    // The version lives in package.json alone.
    return target === "package.json" ? [] : [`${file} imports ${target}, which is outside src`];
  }
  if (MAY_IMPORT[to] === undefined) return [`${file} imports ${target}: ${to} is no room of rooms.ts`];

  const { all = false, rooms = [], types = [] } = permission;
  const also = ALSO_MAY_IMPORT[file] ?? [];
  if (all || to === from || to === "errors" || rooms.includes(to) || also.includes(to)) return [];
  if (typeOnly && types.includes(to)) return [];
  const allowed = [...rooms, ...also, ...types.map((room) => `types of ${room}`), "errors"];
  return [`${file} imports ${target}${typeOnly ? " (a type)" : ""}: ${from} may import only ${allowed.join(", ")}`];
}

function wrongPackage(file: string, { target, lazy }: Import): string[] {
  const room = roomOf(file);
  const allowed = MAY_USE_PACKAGES[room];
  const fits = (one: string) => target === one || target.startsWith(/[/:]$/.test(one) ? one : `${one}/`);
  if (allowed !== undefined && !allowed.some(fits)) {
    return [
      `${file} imports ${target}: ${room} may use ${allowed.length > 0 ? `only ${allowed.join(", ")}` : "no package"}`,
    ];
  }
  if (lazy && ![...LAZY_PACKAGES, "node:"].some(fits)) {
    return [
      `${file} imports ${target} lazily: in the bundle it may lack its named exports, see LAZY_PACKAGES in rooms.ts`,
    ];
  }
  return [];
}

/** Each cycle once, as the chain of its files. */
export function importCycles(sources: readonly Source[]): string[] {
  const edges = new Map(
    sources.map(({ file, imports }) => [file, imports.filter((one) => one.ours).map((one) => one.target)]),
  );
  const done = new Set<string>();
  const chain: string[] = [];
  const cycles: string[] = [];
  const visit = (file: string): void => {
    const start = chain.indexOf(file);
    if (start >= 0) cycles.push([...chain.slice(start), file].join(" → "));
    if (start >= 0 || done.has(file)) return;
    chain.push(file);
    for (const next of edges.get(file) ?? []) visit(next);
    chain.pop();
    done.add(file);
  };
  for (const { file } of sources) visit(file);
  return cycles;
}

const MOST_LINES = 250;

export function longFiles(sources: readonly Source[]): string[] {
  return sources
    .filter(({ lines }) => lines.length > MOST_LINES && !/^\/\/ long: \S/.test(lines[0] ?? ""))
    .map(
      ({ file, lines }) =>
        `${file} has ${lines.length} lines: split it (at most ${MOST_LINES}), or say why not in its first line: // long: …`,
    );
}

const MOST_LOOSE_FILES = 12;
const MOST_FOLDERS = 5;

/** Folders with too many files directly in them. */
export function crowdedFolders(sources: readonly Source[]): string[] {
  const files = new Map<string, number>();
  for (const { file } of sources) files.set(folderOf(file), (files.get(folderOf(file)) ?? 0) + 1);
  return [...files]
    .filter(([folder, count]) => count > MOST_LOOSE_FILES && CROWDED_WITH_REASON[folder] === undefined)
    .map(([folder, count]) => `${folder} holds ${count} files: group them by concept (at most ${MOST_LOOSE_FILES})`);
}

const FEWEST_LINES = 20;

/** Short files that only one file of their own folder imports, not lazily. */
export function crumbs(sources: readonly Source[]): string[] {
  const importers = new Map<string, { file: string; lazy: boolean }[]>();
  for (const { file, imports } of sources) {
    for (const { ours, target, lazy } of imports) {
      if (ours) importers.set(target, [...(importers.get(target) ?? []), { file, lazy }]);
    }
  }
  return sources.flatMap(({ file, lines }) => {
    const from = importers.get(file) ?? [];
    const only = from[0]?.file;
    if (lines.length >= FEWEST_LINES || only === undefined || SHORT_WITH_REASON[file] !== undefined) return [];
    if (from.some((one) => one.lazy || one.file !== only) || folderOf(only) !== folderOf(file)) return [];
    return [
      `${file} has ${lines.length} lines and only ${only} imports it: put it there (from ${FEWEST_LINES} on it may stay)`,
    ];
  });
}

/** Files that lie deeper than a reader follows: `src` is the first folder. */
export function deepFiles(sources: readonly Source[]): string[] {
  return sources
    .filter(({ file }) => file.split("/").length - 1 > MOST_FOLDERS)
    .map(({ file }) => `${file} lies ${file.split("/").length - 1} folders deep (at most ${MOST_FOLDERS})`);
}

/** The ground imports nothing of ours from outside itself. */
export function groundImports(sources: readonly Source[]): string[] {
  return GROUND.flatMap((ground) =>
    sources
      .filter(({ file }) => file.startsWith(`${ground}/`))
      .flatMap(({ file, imports }) =>
        imports
          .filter(({ ours, target }) => ours && !target.startsWith(`${ground}/`) && roomOf(target) !== "errors")
          .map(({ target }) => `${file} imports ${target}: ${ground} imports nothing outside itself`),
      ),
  );
}

/** A key of several names that is put together by hand: two such may differ where one word does. */
export function keysByHand(sources: readonly Source[]): string[] {
  return sources
    .filter(({ file }) => JOINS_BY_HAND[file] === undefined)
    .filter(({ lines }) => lines.some((line) => line.includes("}\\u0000")))
    .map(({ file }) => `${file} joins names by hand: use join of domain/words/key.ts`);
}

const folderOf = (file: string) => file.slice(0, file.lastIndexOf("/"));

export function environmentReaders(sources: readonly Source[]): string[] {
  return sources
    .filter(({ file }) => !READS_ENVIRONMENT.includes(roomOf(file)))
    .filter(({ ambient, imports }) => ambient.some(reachesEnvironment) || imports.some(importsProcess))
    .map(
      ({ file }) =>
        `${file} reads process.env: only ${READS_ENVIRONMENT.join(" and ")} may, the others are handed values`,
    );
}

// `process` alone, not a member of it, is a way around: `const { env } = process`.
const reachesEnvironment = (taken: string) => ["process", "process.env", "globalThis.process"].includes(taken);
const importsProcess = ({ target }: Import) => target === "node:process" || target === "process";

export function impurities(sources: readonly Source[]): string[] {
  return sources
    .filter(({ file }) => PURE_ROOMS.includes(roomOf(file)))
    .flatMap(({ file, ambient }) =>
      ambient.map(
        (taken) => `${file} uses ${taken}: ${roomOf(file)} is pure, so time, chance and output are handed in`,
      ),
    );
}

/** Two exported types of one name: whoever reads the name must know which is meant. */
export function sameNames(sources: readonly Source[]): string[] {
  const files = new Map<string, string[]>();
  for (const { file, types } of sources) for (const name of types) files.set(name, [...(files.get(name) ?? []), file]);
  return [...files]
    .filter(([, declared]) => declared.length > 1)
    .map(([name, declared]) => `${name} is exported by ${declared.join(" and ")}: one word for one thing`);
}
