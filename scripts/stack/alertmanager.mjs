import { join } from "node:path";
import { alertmanagerProgram } from "./programs.mjs";
import { answers, startService } from "./service.mjs";

/** Alertmanager with the placed configuration, alone (no cluster). */
export async function startAlertmanager({ directory, log, port }) {
  const url = `http://localhost:${port}`;
  const service = startService({
    name: "Alertmanager",
    command: alertmanagerProgram(),
    args: [
      `--config.file=${join(directory, "alertmanager", "alertmanager.yml")}`,
      `--storage.path=${join(directory, "alertmanager-data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.external-url=${url}`,
      "--cluster.listen-address=",
    ],
    log,
    cwd: directory,
  });
  await service.ready(() => answers(`http://127.0.0.1:${port}/-/ready`));
  return { ...service, url };
}
