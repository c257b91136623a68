import http from "node:http";

export interface HonestOptions {
  port: number;
  key: string;
  /** Milliseconds that an answer may take before it counts as none. */
  patience: number;
}

export interface Asked {
  what: string;
  status: number;
  ms: number;
}

/** Somebody who reports runs with evidence, asks gates and looks at the agent's health, one after the other, without a pause. */
export class Honest {
  readonly #options: HonestOptions;
  readonly #connections = new http.Agent({ keepAlive: true, maxSockets: 4 });
  asked: Asked[] = [];
  #rounds = 0;
  #stopped = false;
  #going: Promise<void> = Promise.resolve();
  readonly #waiting: { rounds: number; resolve: () => void }[] = [];

  constructor(options: HonestOptions) {
    this.#options = options;
  }

  start(): void {
    this.#going = this.#go();
  }

  /** Resolves when so many more rounds are over. */
  rounds(more: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ rounds: this.#rounds + more, resolve }));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#going;
    this.#connections.destroy();
  }

  /** What was not answered as it must be. */
  failures(): string[] {
    return this.asked.filter(({ status }) => status !== 200).map(({ what, status }) => `${what}: ${status}`);
  }

  async #go(): Promise<void> {
    for (let i = 0; !this.#stopped; i++) {
      const pipeline_name = `honest_${i % 20}`;
      const run = { pipeline_name, run_id: `run ${i}`.replace(" ", "-") };
      await this.#ask("quality", "POST", "/v1/quality", { ...run, check_name: "null_rate", score: 0.99 });
      await this.#ask("run", "POST", "/v1/runs", { ...run, status: "success" });
      await this.#ask("gate", "GET", `/v1/gates/${pipeline_name}/check?run_id=${run.run_id}`);
      await this.#ask("health", "GET", "/healthz");
      this.#rounds++;
      for (const one of this.#waiting) if (one.rounds <= this.#rounds) one.resolve();
    }
    for (const { resolve } of this.#waiting) resolve();
  }

  async #ask(what: string, method: string, path: string, body?: object): Promise<void> {
    const start = performance.now();
    const status = await this.#status(method, path, body);
    this.asked.push({ what, status, ms: performance.now() - start });
  }

  /** 0: no answer in time. */
  #status(method: string, path: string, body?: object): Promise<number> {
    const { port, key, patience } = this.#options;
    return new Promise((resolve) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const request = http.request(
        {
          host: "127.0.0.1",
          port,
          method,
          path,
          agent: this.#connections,
          timeout: patience,
          headers: {
            authorization: `Bearer ${key}`,
            ...(text === undefined
              ? {}
              : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
          },
        },
        (response) => {
          response.resume();
          response.on("error", () => resolve(0));
          response.on("end", () => resolve(response.statusCode ?? 0));
        },
      );
      request.on("timeout", () => request.destroy());
      request.on("error", () => resolve(0));
      request.end(text);
    });
  }
}
