import Type from "typebox";
import type { Role } from "../../access/auth.ts";
import type { TypedApp } from "../../server/typed-app.ts";

/** Every key may ask who it is. */
const ROLES = Object.keys({
  report: 0,
  read: 0,
  reference: 0,
  operate: 0,
  alertmanager: 0,
  admin: 0,
} satisfies Record<Role, 0>) as Role[];

const WhoamiAnswer = Type.Object({
  name: Type.Union([Type.String(), Type.Null()], { description: "of the API key; null where none is configured" }),
  roles: Type.Array(Type.String()),
  pipelines: Type.Union([Type.Array(Type.String()), Type.Null()], { description: "globs; null: all pipelines" }),
});

/** What the caller may do, so that a client offers nothing that would be refused. */
export function whoamiRoute(app: TypedApp): void {
  app.get(
    "/v1/whoami",
    {
      config: { role: ROLES },
      schema: { tags: ["keys"], summary: "The API key in use and its roles", response: { 200: WhoamiAnswer } },
    },
    async ({ caller }) => ({
      name: caller.roles === "all" ? null : caller.scope,
      roles: caller.roles === "all" ? ROLES : caller.roles,
      pipelines: caller.pipelines,
    }),
  );
}
