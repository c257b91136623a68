import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { outputOf } from "./children.ts";
import { say } from "./figures.ts";

const FOLDER = ".cache/bench-python";
const REQUIREMENTS = "bench/lib/peers-requirements.txt";

/** A Python with NumPy and Evidently, fetched from PyPI once. Ends the bench with what to do where that is not possible. */
export async function pythonWithPeers(): Promise<string> {
  const python = join(FOLDER, "bin", "python");
  const stamp = join(FOLDER, ".complete");
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  rmSync(FOLDER, { recursive: true, force: true });
  if (spawnSync("python3", ["-c", "import venv, ensurepip"]).status !== 0) {
    giveUp("this bench needs Python 3.11 or newer with its venv module; on Debian:\n  apt-get install -y python3-venv");
  }
  say(`fetching Evidently and NumPy from PyPI into ${FOLDER}, once (a minute) …`);
  try {
    await outputOf("python3", ["-m", "venv", FOLDER]);
    const quietly = ["--quiet", "--disable-pip-version-check", "--no-input"];
    await outputOf(python, ["-m", "pip", "install", ...quietly, "--requirement", REQUIREMENTS]);
  } catch (error) {
    rmSync(FOLDER, { recursive: true, force: true });
    giveUp(
      `NumPy and Evidently could not be fetched from PyPI (${(error as Error).message}; pip says why above).\n` +
        "They are needed once, then kept. Check the network and pip's index, and run this again.",
    );
  }
  writeFileSync(stamp, wanted);
  return python;
}

function giveUp(why: string): never {
  say(why);
  process.exit(3);
}
