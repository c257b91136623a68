// The page at /: src/page → an index.html, and scripts and styles named after their content.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const APP = "src/page";

/** Builds the page of the sources in `root` into `outdir`. Returns false where they have no page. */
export async function buildPage(root, outdir) {
  if (!existsSync(join(root, APP))) return false;
  const esbuild = await import("esbuild");
  const assets = join(outdir, "assets");
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { page: `${APP}/main.tsx`, style: `${APP}/styles/index.css`, icon: `${APP}/icon.svg` },
    outdir: assets,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    // The charts are loaded by the views that draw some.
    splitting: true,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".svg": "copy" },
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const name = (entry) => outputOf(metafile, `${APP}/${entry}`);
  const html = readFileSync(join(root, APP, "index.html"), "utf8")
    .replace("./main.tsx", `/assets/${name("main.tsx")}`)
    .replace("./styles/index.css", `/assets/${name("styles/index.css")}`)
    .replace("./icon.svg", `/assets/${name("icon.svg")}`);
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, "index.html"), html);
  for (const file of readdirSync(assets)) pack(join(assets, file));
  return true;
}

function outputOf({ outputs }, entry) {
  const [path] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry) ?? [];
  if (path === undefined) throw new Error(`the page's build has no output for ${entry}`);
  return path.split("/").at(-1);
}

/** Compressed copies for browsers that accept them. */
function pack(path) {
  const content = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }));
}
