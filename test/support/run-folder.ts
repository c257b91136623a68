import { mkdtempSync, rmSync } from "node:fs";

/** A folder for what all processes of a test run share: made once, used by many, gone with the run. */
export default function runFolder(): () => void {
  // Not os.tmpdir(): that may lie where the user of a database server cannot enter.
  const folder = mkdtempSync("/tmp/sluice-test-run-");
  process.env.SLUICE_TEST_RUN_FOLDER = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
