import { hash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { globSource, isGlob } from "../../domain/words/glob.ts";
import { matchesAny } from "../../domain/words/glob-list.ts";
import { SluiceError } from "../../errors.ts";

export type Role = "report" | "read" | "reference" | "operate" | "alertmanager" | "admin";

export interface ApiKey {
  name: string;
  /** SHA-256 of the key, hexadecimal. */
  hash: string;
  roles: readonly Role[];
  /** Globs; null: all pipelines. */
  pipelines: readonly string[] | null;
}

/** Who is asking. `scope` separates the ids of reports of one key from another's. */
export interface Caller {
  scope: string;
  roles: readonly Role[] | "all";
  pipelines: readonly string[] | null;
}

const ANYONE_LOCAL: Caller = { scope: "", roles: "all", pipelines: null };

export class Authenticator {
  #keys: { key: ApiKey; digest: Buffer }[];

  constructor(keys: readonly ApiKey[]) {
    this.#keys = withDigests(keys);
  }

  /** Other keys hold from the next request on; a request that was let in goes on as who it was. */
  replace(keys: readonly ApiKey[]): void {
    this.#keys = withDigests(keys);
  }

  /** Without any key configured everything is allowed, to requests that name a loopback host (no DNS rebinding). */
  caller(request: FastifyRequest): Caller {
    if (this.#keys.length > 0) return this.#byKey(request.headers.authorization);
    const host = request.headers.host ?? "";
    if (isLoopbackHost(host)) return ANYONE_LOCAL;
    throw new SluiceError(
      "host_not_allowed",
      `Host: ${JSON.stringify(host.slice(0, 100))} given; without API keys the agent answers to localhost, 127.0.0.1 and [::1] only (sluice keys create makes a key)`,
    );
  }

  #byKey(authorization: string | undefined): Caller {
    const presented = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (presented === undefined) {
      const given = authorization === undefined ? "missing" : "not a bearer token";
      throw new SluiceError(
        "unauthorized",
        `Authorization: ${given}; send the header 'Authorization: Bearer <API key>'`,
      );
    }
    const digest = hash("sha256", presented, "buffer");
    let found: ApiKey | null = null;
    // All keys are compared, each in constant time, so that timing tells nothing of where one matched.
    for (const { key, digest: wanted } of this.#keys) {
      if (wanted.length === digest.length && timingSafeEqual(wanted, digest)) found = key;
    }
    if (found === null)
      throw new SluiceError("unauthorized", "Authorization: this API key is not one of the agent's keys");
    return { scope: found.name, roles: found.roles, pipelines: found.pipelines };
  }
}

function withDigests(keys: readonly ApiKey[]): { key: ApiKey; digest: Buffer }[] {
  return keys.map((key) => ({ key, digest: Buffer.from(key.hash, "hex") }));
}

const LOOPBACK = /^(localhost|[^:]*\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host);
}

/** One of the roles is enough; `admin` is enough for everything. */
export function requireRole(caller: Caller, role: Role | readonly Role[]): void {
  const enough = typeof role === "string" ? [role] : role;
  if (caller.roles === "all" || caller.roles.includes("admin")) return;
  if (caller.roles.some((own) => enough.includes(own))) return;
  const needed = enough.join(" or ");
  throw new SluiceError("forbidden", `this API key has the roles ${caller.roles.join(", ")}; ${needed} is needed`);
}

export function requirePipeline(caller: Caller, pipeline_name: string): void {
  if (maySee(caller, pipeline_name)) return;
  throw new SluiceError(
    "forbidden",
    `pipeline_name: ${JSON.stringify(pipeline_name)} given; this API key is for ${caller.pipelines!.join(", ")}`,
  );
}

export function maySee(caller: Caller, pipeline_name: string): boolean {
  return caller.pipelines === null || matchesAny(caller.pipelines, pipeline_name);
}

/**
 * For what is used as a glob: every pipeline that it stands for must be the caller's, so it is a name that the caller may touch
 * or one of the key's own globs. null stands for all pipelines.
 */
export function mayUseGlob(caller: Caller, pattern: string | null): boolean {
  if (caller.pipelines === null) return true;
  if (pattern === null) return false;
  return caller.pipelines.includes(pattern) || (!isGlob(pattern) && maySee(caller, pattern));
}

/** For the store's filters; null: all. */
export function allowedPatterns(caller: Caller): string[] | null {
  return caller.pipelines === null ? null : caller.pipelines.map(globSource);
}
