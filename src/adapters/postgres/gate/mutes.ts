import type pg from "pg";
import type { MuteStore } from "../../../ports.ts";
import { storeError } from "../connection/store-errors.ts";
import { type Guard, NO_GUARD, underGuard } from "../replicas/guard.ts";
import { execute, type Statement, statement } from "../statement/statement.ts";

export const ADD_MUTE = statement(
  "add_mute",
  {},
  `INSERT INTO mute (mute_id, pipeline_name, code, reason, actor, key_name, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8), to_timestamp($8::float8))`,
);

export const END_MUTE = statement(
  "end_mute",
  {},
  `UPDATE mute SET ended_at = to_timestamp($2::float8), ended_by = $3
          WHERE mute_id = $1 AND ended_at IS NULL AND expires_at > to_timestamp($2::float8)`,
);

/** Mutes touch nothing else, so they need no transaction with anything but the fence. */
export function postgresMutes(db: pg.Pool, guard: Guard = NO_GUARD): MuteStore {
  const run = async (statement: Statement, values: unknown[]) => {
    try {
      return await underGuard(db, guard, async (client) => execute(client, statement, values));
    } catch (error) {
      throw storeError(error);
    }
  };
  return {
    async addMute({ mute_id, pipeline_name, code, reason, actor, created_at, expires_at }, key_name) {
      await run(ADD_MUTE, [
        mute_id,
        pipeline_name,
        code,
        reason,
        actor,
        key_name,
        created_at / 1000,
        expires_at / 1000,
      ]);
    },
    async endMute(mute_id, actor, now) {
      const ended = await run(END_MUTE, [mute_id, now / 1000, actor]);
      return ended > 0;
    },
  };
}
