import { readFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../command-error.ts";
import type { Edge } from "../edge.ts";
import { show } from "../text/show.ts";

export interface ConnectionOptions {
  url?: string;
  apiKeyFile?: string;
}

export interface Connection {
  /** Without a slash at its end. */
  url: string;
  api_key: string | null;
}

/** Where the agent is and what opens it: the options, else SLUICE_URL and SLUICE_API_KEY. */
export function connectionOf({ url, apiKeyFile }: ConnectionOptions, edge: Edge): Connection {
  return { url: urlOf(url, edge), api_key: keyOf(apiKeyFile, edge) };
}

function urlOf(option: string | undefined, { env }: Edge): string {
  const field = option === undefined ? "SLUICE_URL" : "--url";
  const given = option ?? env.SLUICE_URL ?? "";
  if (given === "") {
    throw new UsageError(
      "SLUICE_URL: missing; must be the agent's address such as http://127.0.0.1:9877 (or give --url)",
    );
  }
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(`${field}: ${show(given)} given; must be a URL such as http://127.0.0.1:9877`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(
      `${field}: holds a user or a password; must be a URL without, the key goes into SLUICE_API_KEY`,
    );
  }
  return given.replace(/[?#].*$/, "").replace(/\/+$/, "");
}

function keyOf(file: string | undefined, { env, directory }: Edge): string | null {
  const [field, text] =
    file === undefined ? ["SLUICE_API_KEY", env.SLUICE_API_KEY] : ["--api-key-file", readKey(directory, file)];
  const key = text?.trim() ?? "";
  if (key === "" && file === undefined) return null;
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError(
      `${field}: ${key === "" ? "no key" : "<secret>"} given; must be one API key, printable characters without spaces`,
    );
  }
  return key;
}

function readKey(directory: string, file: string): string {
  try {
    return readFileSync(path.resolve(directory, file), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`--api-key-file: ${show(file)} given; it cannot be read (${code})`, error);
  }
}
