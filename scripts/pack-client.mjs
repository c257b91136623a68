// npm run pack:client: the TypeScript client as a package of its own, @sluice/client, with no dependency.
// Writes sluice-client-<version>.tgz into --out (default: here).
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { root } from "./lib/root.mjs";

/** An import of a declaration file, as tsc writes it. */
const RELATIVE = /((?:from|import\()\s*"\.[^"]*)\.ts(")/g;

const { values } = parseArgs({ options: { out: { type: "string", default: "." } } });
const out = resolve(values.out);
const work = mkdtempSync(join(tmpdir(), "sluice-pack-"));
try {
  await bundles(work);
  declarations(work);
  const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(join(work, "package.json"), `${JSON.stringify(manifest(version, license), null, 2)}\n`);
  cpSync(join(root, "src/client/README.md"), join(work, "README.md"));
  cpSync(join(root, "LICENSE"), join(work, "LICENSE"));
  mkdirSync(out, { recursive: true });
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const quiet = ["--loglevel=error", "--ignore-scripts"];
  const name = execFileSync(npm, ["pack", ...quiet, "--pack-destination", out], { cwd: work, encoding: "utf8" }).trim();
  process.stdout.write(`${join(out, name.split("\n").at(-1))}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function manifest(version, license) {
  const edge = { types: "./types/index.d.ts", default: "./edge/index.js" };
  return {
    name: "@sluice/client",
    version,
    description: "Reports what data pipelines really did to a Sluice agent, and asks its gates. No dependencies.",
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=18" },
    exports: {
      ".": {
        workerd: edge,
        "edge-light": edge,
        browser: edge,
        import: { types: "./types/index.d.ts", default: "./esm/index.js" },
        require: { types: "./types-cjs/index.d.cts", default: "./cjs/index.cjs" },
      },
      "./package.json": "./package.json",
    },
    main: "./cjs/index.cjs",
    module: "./esm/index.js",
    types: "./types/index.d.ts",
    files: ["esm", "cjs", "edge", "types", "types-cjs"],
  };
}

async function bundles(to) {
  const common = {
    absWorkingDir: root,
    entryPoints: ["src/client/index.ts"],
    bundle: true,
    target: ["es2022", "node18"],
    external: ["node:*"],
    // Keeps names: stack traces show functions of the client, and programs tell errors apart by class name.
    keepNames: true,
    legalComments: "none",
    logLevel: "warning",
  };
  const withoutNode = {
    name: "without node",
    setup({ onLoad }) {
      const replaced = readFileSync(join(root, "src/client/host/no-host.ts"), "utf8");
      onLoad({ filter: /src\/client\/host\/node-host\.ts$/ }, () => ({ contents: replaced, loader: "ts" }));
    },
  };
  await Promise.all([
    build({ ...common, format: "esm", platform: "node", outfile: join(to, "esm/index.js") }),
    build({ ...common, format: "cjs", platform: "node", outfile: join(to, "cjs/index.cjs") }),
    build({
      ...common,
      format: "esm",
      platform: "neutral",
      outfile: join(to, "edge/index.js"),
      plugins: [withoutNode],
    }),
  ]);
}

/** The declarations that the public ones need, once for import and once for require. */
function declarations(to) {
  const all = join(to, ".declarations");
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const config = join(to, "tsconfig.json");
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, "src"),
    outDir: all,
    typeRoots: [join(root, "node_modules/@types")],
  };
  const files = [join(root, "src/client/index.ts")];
  writeFileSync(config, JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, files, include: [] }));
  execFileSync(process.execPath, [tsc, "-p", config], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  rmSync(config);
  for (const file of reachable(join(all, "client"), "index.ts")) {
    const text = readFileSync(join(all, "client", file.replace(/\.ts$/, ".d.ts")), "utf8");
    write(join(to, "types", file.replace(/\.ts$/, ".d.ts")), text.replace(RELATIVE, "$1.js$2"));
    write(join(to, "types-cjs", file.replace(/\.ts$/, ".d.cts")), text.replace(RELATIVE, "$1.cjs$2"));
  }
  rmSync(all, { recursive: true });
  if (readdirSync(join(to, "types")).length === 0) throw new Error("tsc wrote no declarations");
}

function reachable(folder, entry, seen = new Set()) {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = readFileSync(join(folder, entry.replace(/\.ts$/, ".d.ts")), "utf8");
  for (const [, specifier] of text.matchAll(/(?:from|import\()\s*"(\.[^"]*)"/g)) {
    reachable(folder, join(dirname(entry), specifier), seen);
  }
  return seen;
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
