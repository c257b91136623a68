/** What the agent said no to (RFC 9457). `detail` names the field, what was given and what is allowed. */
export class AgentProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
  }
}

/** No answer at all: the agent is away, or the network. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("the agent does not answer", { cause });
    this.name = "Unreachable";
  }
}

export async function problemOf(response: Response): Promise<AgentProblem> {
  const body = (await response.json().catch(() => ({}))) as { code?: unknown; detail?: unknown };
  const code = typeof body.code === "string" ? body.code : `status_${response.status}`;
  const detail = typeof body.detail === "string" ? body.detail : `the agent answered ${response.status}`;
  return new AgentProblem(response.status, code, detail);
}

/** In words, for whoever tried it. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
