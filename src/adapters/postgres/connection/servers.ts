import pg from "pg";
import { serverUrls } from "../../../domain/words/urls/server-urls.ts";

type Connected = (error?: Error | null) => void;

/**
 * The servers that a DATABASE_URL names: one takes writes, the others follow it and may take its place. Every connection is made to
 * the one that is believed to take writes; a server that cannot be reached, or follows another, makes the next one be believed. So
 * whoever tries again finds the right one, also after a failover.
 */
export class Servers {
  /** What the URL says in `options`. */
  readonly options: readonly string[];
  readonly #urls: readonly string[];
  #current = 0;

  constructor(urls: readonly string[]) {
    const parts = urls.map(withoutOptions);
    this.#urls = parts.map(({ url }) => url);
    this.options = parts[0]!.options;
  }

  get count(): number {
    return this.#urls.length;
  }

  /** The URL of the one that is believed to take writes. */
  get current(): string {
    return this.#urls[this.#current]!;
  }

  /** It was of no use. Of many who say so at once the first is heard. */
  refuse(url: string): void {
    if (url === this.current) this.#current = (this.#current + 1) % this.#urls.length;
  }
}

/** null: the URL names one server. */
export function severalServers(url: string): Servers | null {
  const urls = serverUrls(url);
  return urls.length > 1 ? new Servers(urls) : null;
}

/** A kind of client each of which is of one of these servers, and connects only where that takes writes. */
export function clientOf(servers: Servers): typeof pg.Client {
  return class extends pg.Client {
    readonly #url: string;
    #follows = false;

    constructor(config: pg.ClientConfig) {
      const url = servers.current;
      super({ ...config, connectionString: url });
      this.#url = url;
      // Said by the server with each connection, so that it costs no question.
      const { connection } = this as unknown as { connection: NodeJS.EventEmitter };
      connection.on("parameterStatus", ({ parameterName, parameterValue }: Record<string, string>) => {
        if (parameterName === "in_hot_standby") this.#follows = parameterValue === "on";
      });
    }

    override connect(): Promise<this>;
    override connect(connected: Connected): void;
    override connect(connected?: Connected): Promise<this> | undefined {
      if (connected !== undefined) {
        this.#connect(connected);
        return undefined;
      }
      return new Promise((resolve, reject) => this.#connect((error) => (error ? reject(error) : resolve(this))));
    }

    #connect(connected: Connected): void {
      super.connect((error: Error | null | undefined) => {
        if (!error && !this.#follows) return connected();
        servers.refuse(this.#url);
        if (error) return connected(error);
        this.end(() => connected(readOnly()));
      });
    }
  } as typeof pg.Client;
}

/** As PostgreSQL refuses a write there. */
function readOnly(): Error {
  const message = "the server follows another one (a standby): it takes no writes";
  return Object.assign(new Error(message), { code: "25006" });
}

/** What a URL says in `options` would silently take the place of our settings: it is taken out, and said before them. */
export function withoutOptions(text: string): { url: string; options: string[] } {
  if (!/[?&]options=/.test(text)) return { url: text, options: [] };
  const url = new URL(text);
  const options = url.searchParams.getAll("options");
  url.searchParams.delete("options");
  return { url: url.toString(), options };
}
