import { isStoreError, STORE_AWAY } from "../../server/problem.ts";
import type { TypedApp } from "../../server/typed-app.ts";

export interface Readiness {
  /** Resolves when reports can be taken; throws a sentence that says what is missing. */
  check: () => Promise<void>;
}

export function healthRoutes(app: TypedApp, readiness: Readiness): void {
  const open = { config: { role: "none" as const, early: true } };
  app.get("/healthz", { ...open, schema: { tags: ["health"], summary: "The process answers" } }, async () => ({
    status: "ok",
  }));
  app.get(
    "/readyz",
    { ...open, schema: { tags: ["health"], summary: "The store is reachable and the metrics are restored" } },
    async (_request, reply) => {
      try {
        await readiness.check();
        return { status: "ready" };
      } catch (error) {
        reply.code(503).header("retry-after", "1");
        return { status: "not ready", detail: isStoreError(error) ? STORE_AWAY : (error as Error).message };
      }
    },
  );
}
