import { bad, type Finding, ok } from "./finding.ts";

const OLDEST = [20, 19] as const;

export function checkNode(version: string): Finding[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  if (fits) return [ok("node", `Node ${version}`)];
  return [bad("node", `Node ${version} is too old`, `install Node ${OLDEST.join(".")} or newer`)];
}
