import { argv, exit, stdout } from "node:process";
import { asTable } from "./calibrate/as-table.ts";
import { calibrate } from "./calibrate/calibrate.ts";
import { FULL, QUICK } from "./calibrate/plan.ts";

/**
 * What drift verdicts promise, simulated: how often a feature that did not change is called drifted, how often one that did
 * is found. `quick`: a few cells; `json`; any other word: the parts whose name holds it, as manyFeatures. Exit code 1
 * when a figure is out of its range. Seeded: the same figures come out each time.
 */

const options = argv.slice(2).filter((option) => option !== "--");
const only = options.filter((option) => option !== "quick" && option !== "json");
const figures = calibrate(options.includes("quick") ? QUICK : FULL, only);
stdout.write(options.includes("json") ? `${JSON.stringify(figures, null, 1)}\n` : asTable(figures));
exit(figures.every(({ in_range }) => in_range) ? 0 : 1);
