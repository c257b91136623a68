import { join } from "node:path";
import { answers, startService } from "./service.mjs";

/** Prometheus with the placed configuration; the runbooks lie where the alerts' links point. */
export async function startPrometheus({ root, directory, log, port }) {
  const url = `http://localhost:${port}`;
  const service = startService({
    name: "Prometheus",
    command: "prometheus",
    args: [
      `--config.file=${join(directory, "prometheus", "prometheus.yml")}`,
      `--storage.tsdb.path=${join(directory, "prometheus-data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.external-url=${url}`,
      `--web.user-assets=${join(root, "docs")}`,
      "--log.level=warn",
    ],
    log,
    cwd: directory,
  });
  await service.ready(() => answers(`http://127.0.0.1:${port}/-/ready`));
  return { ...service, url };
}
