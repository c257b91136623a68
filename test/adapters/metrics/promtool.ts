import { spawnSync } from "node:child_process";

/** What `promtool check metrics` has to say about a body: "" when it finds nothing. */
export function checkMetrics(body: string): string {
  const { error, stdout, stderr, status } = spawnSync("promtool", ["check", "metrics"], { input: body });
  if (error !== undefined) throw missing("promtool", error);
  const said = `${stdout}${stderr}`;
  return status === 0 ? said : `exit ${status}: ${said}`;
}

export function missing(program: string, cause: Error): Error {
  return new Error(
    `${program} cannot be started; these tests need Debian's package "prometheus" (npm test installs it)`,
    {
      cause,
    },
  );
}
