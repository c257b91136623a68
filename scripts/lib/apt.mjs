import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { missing, NEEDS } from "./debian-packages.mjs";
import { run } from "./run.mjs";

const INSTALL = ["install", "-y", "--no-install-recommends"];
const POLICY = "/usr/sbin/policy-rc.d";
const POLICY_MARK = "# Put here by Sluice for the time of one installation; safe to delete.";

/** Instructions for an installation by hand; undefined when nothing is missing. */
export function missingMessage(needs, { debian, user = "the tests need" }) {
  if (needs.length === 0) return undefined;
  const lines = [`${user} programs that are not installed:`, ...needs.map((need) => `  - ${need.what}`)];
  if (debian) {
    const packages = needs.map((need) => need.package).join(" ");
    lines.push("install them with:", `  sudo apt-get update && sudo apt-get ${INSTALL.join(" ")} ${packages}`);
  }
  return lines.join("\n");
}

/** Installs what is missing where that is possible (Debian, root), else throws an error that says exactly what to do. */
export async function ensureDebianPackages({ say, needs: wanted = NEEDS, user = "the tests need" }) {
  const needs = missing(wanted);
  if (needs.length === 0) return;
  const debian = existsSync("/etc/debian_version");
  if (!debian || process.getuid?.() !== 0) throw new Error(missingMessage(needs, { debian, user }));

  const packages = needs.map((need) => need.package);
  say(`${user} Debian packages; installing: ${packages.join(" ")} …`);
  await withoutServices(async () => {
    if ((await aptGet([...INSTALL, ...packages], "ignore")) === 0) return;
    // Package lists absent or out of date: the usual state of a fresh container.
    await aptGet(["update"], ["ignore", "ignore", "inherit"]);
    const code = await aptGet([...INSTALL, ...packages], ["ignore", 2, 2]);
    if (code !== 0) throw new Error(`apt-get failed with exit code ${code}; what it said is above.`);
  });
  const still = missing(wanted);
  if (still.length > 0)
    throw new Error(`apt-get installed ${packages.join(" ")}, yet ${missingMessage(still, { debian, user })}`);
}

function aptGet(args, stdio) {
  // RUNLEVEL: see withoutServices; for a machine whose own policy-rc.d allows the start.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  return run("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=120", ...args], { env, stdio });
}

/** The tests start their own servers: the packages' services must not take ports and memory on this machine. */
async function withoutServices(work) {
  const ours = !existsSync(POLICY) || readFileSync(POLICY, "utf8").includes(POLICY_MARK);
  if (ours) writeFileSync(POLICY, `#!/bin/sh\n${POLICY_MARK}\nexit 101\n`, { mode: 0o755 });
  try {
    await work();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}
