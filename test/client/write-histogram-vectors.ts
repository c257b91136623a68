import { writeFileSync } from "node:fs";
import { histogramVectors } from "./histogram-vectors.ts";

// Writes the vectors anew after a case was added:
//   npx esbuild test/client/write-histogram-vectors.ts --bundle --platform=node --format=esm | node --input-type=module -
//   npx biome format --write test/vectors
writeFileSync("test/vectors/client-histograms.json", `${JSON.stringify(histogramVectors(), null, 2)}\n`);
