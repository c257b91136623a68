import type { Sources } from "../../format/sources/sources.ts";
import { dotted } from "../../format/yaml/checked-yaml.ts";
import type { Path } from "../../format/yaml/yaml-text.ts";

interface Ratio {
  stage: string;
  of: string;
  minimum: number;
  maximum: number;
}

/** What the rules of a policy, each right by itself, say against each other. `at` is where the policy stands in the file. */
export function overlayProblems(sources: Sources, at: Path): void {
  const twice = <T>(key: Path, subject: (rule: T) => string) => refuseTwice(sources, [...at, ...key], subject);
  twice<{ check_name: string }>(["quality", "checks"], (rule) => rule.check_name);
  twice<{ stage: string }>(["records", "minimum"], (rule) => rule.stage);
  twice<Ratio>(["records", "ratios"], ({ stage, of }) => `${stage}/${of}`);
  twice<{ feature_name: string }>(["drift", "features"], (rule) => rule.feature_name);
  twice<{ operation: string; quantile: number }>(
    ["latency"],
    ({ operation, quantile }) => `quantile ${quantile} of ${operation}`,
  );
  for (const { item, path } of sources.file?.items<Ratio>([...at, "records", "ratios"]) ?? []) {
    const { minimum, maximum } = item;
    if (minimum <= maximum) continue;
    const place = [...path, "minimum"];
    const message = `${dotted(place)}: the minimum (${minimum}) is above the maximum (${maximum}), so no ratio could be in range`;
    sources.problems.add(sources.file!.where(place), message);
  }
}

/** Which of two rules for the same thing holds would be chance. */
function refuseTwice<T>({ file, problems }: Sources, list: Path, subject: (rule: T) => string): void {
  const places = new Map<string, string>();
  for (const { item, path } of file?.items<T>(list) ?? []) {
    const name = subject(item);
    const where = file!.where(path);
    const other = places.get(name);
    if (other === undefined) places.set(name, where);
    else problems.add(where, `${dotted(path)}: a second rule for ${name}; the first is at ${other}`);
  }
}
