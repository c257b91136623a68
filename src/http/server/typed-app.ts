import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";

/** Parameters, query and answers of a route have the types of its schema. Bodies are known only once they are read: see readBody. */
export interface RouteTypes extends FastifyTypeProvider {
  validator: TypeBox<this["schema"]>["validator"];
  /** Read-only: an answer is only written. */
  serializer: DeepReadonly<TypeBox<this["schema"]>["serializer"]>;
}

type TypeBox<S> = TypeBoxTypeProvider & { schema: S };

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The server that routes are added to. */
export type TypedApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  RouteTypes
>;
