import http from "node:http";
import https from "node:https";

export interface Exchange {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeout_ms: number;
}

export interface HttpReply {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** One request by node:http: loading fetch costs more than all the rest of a short command. Rejects with a reason a person can use. */
export function exchange({ method, url, headers, body, timeout_ms }: Exchange): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, ...length }, agent: false as const };
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new Error(reasonOf(error), { cause: error }));
    };
    const request = (url.startsWith("https:") ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", fail);
      response.on("end", () => {
        clearTimeout(timer);
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, text: Buffer.concat(chunks).toString() });
      });
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeout_ms / 1000} s`)), timeout_ms);
    request.on("error", fail);
    request.end(body);
  });
}

function reasonOf(error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }): string {
  // Of a name with several addresses each one was tried.
  const first = error.errors?.[0] ?? error;
  const { code, message } = first;
  if (code === undefined) return message;
  return `${REASONS[code] ?? message} (${code})`;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host's name is not known",
  EAI_AGAIN: "the host's name cannot be looked up now",
  ECONNRESET: "the connection broke",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the network",
};
