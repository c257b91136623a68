import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Paths by which the shipped files refer to each other and to secrets. */
export const SHIPPED = {
  agent: "localhost:9877",
  prometheus: "localhost:9090",
  alertmanager: "localhost:9093",
  smtp: "localhost:1025",
  grafana: "localhost:3000",
  secrets: "/etc/alertmanager/secrets",
};

const FOLDERS = ["rules", "prometheus", "alertmanager", "alertmanager/templates"];

/**
 * Copies prometheus/, alertmanager/ and rules/ of the clone into a directory, with other addresses in place of the
 * shipped ones (`{agent: "127.0.0.1:41234"}`). `adapt(file, text)` may change more; file is such as `rules/agent.yaml`.
 * @param {{root: string, directory: string, addresses: Record<string, string>, adapt?: (file: string, text: string) => string}} options
 */
export function placeConfig({ root, directory, addresses, adapt = (_file, text) => text }) {
  for (const folder of FOLDERS) {
    const target = join(directory, folder);
    // Removes files of an earlier version that this one no longer ships.
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const name of readdirSync(join(root, folder)).filter((name) => /\.(ya?ml|tmpl)$/.test(name))) {
      const text = readFileSync(join(root, folder, name), "utf8");
      writeFileSync(join(target, name), adapt(`${folder}/${name}`, relocate(text, addresses)));
    }
  }
}

/** In one pass, so that a replacement is not replaced again. */
export function relocate(text, addresses) {
  const moves = new Map(Object.entries(addresses).map(([what, to]) => [SHIPPED[what], to]));
  if (moves.size === 0) return text;
  const pattern = new RegExp([...moves.keys()].map((from) => from.replace(/[/.]/g, "\\$&")).join("|"), "g");
  return text.replace(pattern, (from) => moves.get(from));
}
