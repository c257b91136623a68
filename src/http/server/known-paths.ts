/** The methods of each path, to tell a wrong method from a wrong path. Asked only when a request found no route. */
export class KnownPaths {
  readonly #methods = new Map<string, Set<string>>();

  /** `pattern` as Fastify writes it: `/v1/runs/:pipeline_name/:run_id`, `/docs/*`. */
  add(pattern: string, method: string | readonly string[]): void {
    const methods = this.#methods.get(pattern) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    this.#methods.set(pattern, methods);
  }

  /** In alphabetical order; empty: no such path. */
  methodsOf(path: string): string[] {
    const fitting = [...this.#methods].filter(([pattern]) => fits(pattern, path));
    return [...new Set(fitting.flatMap(([, methods]) => [...methods]))].sort();
  }
}

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  const open = wanted.at(-1) === "*";
  if (open ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, i) => part === "*" || part === given[i] || (part.startsWith(":") && given[i] !== ""));
}
