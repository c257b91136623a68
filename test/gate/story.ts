import { expect } from "vitest";
import type { TestAgent } from "../support/agent.ts";

export interface Gate {
  pipeline_name: string;
  decision: string;
  allowed: boolean;
  run_id: string | null;
  decision_id: string;
  policy_version: string;
  reasons: { code: string; severity: string; subject: string | null; detail: string }[];
  override: { actor: string } | null;
}

/** What somebody does to a gate, and sees of it, in few words. */
export class Story {
  readonly agent: TestAgent;
  readonly pipeline_name: string;

  constructor(agent: TestAgent, pipeline_name: string) {
    this.agent = agent;
    this.pipeline_name = pipeline_name;
  }

  async report(kind: string, body: object): Promise<void> {
    const answer = await this.agent.post(`/v1/${kind}`, { pipeline_name: this.pipeline_name, ...body });
    expect(answer.status, answer.text).toBe(200);
  }

  run(run_id: string, status: string, more: object = {}): Promise<void> {
    return this.report("runs", { run_id, status, ...more });
  }

  quality(run_id: string, score: number | null, more: object = {}): Promise<void> {
    return this.report("quality", { run_id, check_name: "null_rate", score, threshold: 0.95, ...more });
  }

  async gate(query = ""): Promise<Gate> {
    const answer = await this.agent.get(`${this.#path}${query}`);
    expect(answer.status, answer.text).toBe(200);
    return answer.body as Gate;
  }

  /** The decision and the codes of its reasons: `block: run_failed`. */
  async says(query = ""): Promise<string> {
    const { decision, reasons } = await this.gate(query);
    return reasons.length === 0 ? decision : `${decision}: ${reasons.map(({ code }) => code).join(", ")}`;
  }

  async status(query = ""): Promise<number> {
    return (await this.agent.get(`${this.#path}/check${query}`)).status;
  }

  async post(path: string, body: object): Promise<Record<string, unknown>> {
    const answer = await this.agent.post(path, body);
    expect([200, 201], answer.text).toContain(answer.status);
    return answer.body as Record<string, unknown>;
  }

  override(body: object): Promise<Record<string, unknown>> {
    return this.post(`${this.#path}/overrides`, { actor: "anna", reason: "DATA-12", expires_in: "1h", ...body });
  }

  get #path(): string {
    return `/v1/gates/${encodeURIComponent(this.pipeline_name)}`;
  }
}
