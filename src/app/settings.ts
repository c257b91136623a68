import { isDeepStrictEqual } from "node:util";
import { type Config, isReloaded, type ReloadedKey } from "../config.ts";
import { driftSettingsOf } from "../service/drift/drift-settings.ts";

/** The configuration that holds now. It is replaced as a whole: ask for it each time, and keep no part of it. */
export interface LiveSettings {
  readonly now: Config;
}

/** What became of the keys of which another configuration says something else. */
export interface Taken {
  changed: ReloadedKey[];
  /** They keep the value of the start. */
  need_restart: (keyof Config)[];
  /** They keep the value they had, each for a reason. */
  refused: Refused;
}

export type Refused = Partial<Record<ReloadedKey, string>>;

export interface ReplaceableSettings extends LiveSettings {
  /** Takes on what may be; a part that says the same stays the same object, so that what was made of it stands. */
  replace(next: Config, refused: Refused): Taken;
}

export function createSettings(first: Config): ReplaceableSettings {
  let now = first;
  return {
    get now() {
      return now;
    },
    replace(next, refused) {
      const keys = Object.keys(next) as (keyof Config)[];
      const differing = keys.filter((key) => !isDeepStrictEqual(next[key], now[key]));
      const reloaded = differing.filter(isReloaded);
      const changed = reloaded.filter((key) => refused[key] === undefined);
      now = Object.freeze({ ...now, ...Object.fromEntries(changed.map((key) => [key, next[key]])) });
      return {
        changed,
        need_restart: differing.filter((key) => !isReloaded(key)),
        refused: Object.fromEntries(
          reloaded.flatMap((key) => (refused[key] === undefined ? [] : [[key, refused[key]]])),
        ),
      };
    },
  };
}

/** Answers what is made of a part of the configuration: made anew once that part was replaced. */
export function madeOf<P, M>(settings: LiveSettings, partOf: (now: Config) => P, make: (part: P) => M): () => M {
  let part = partOf(settings.now);
  let made = make(part);
  return () => {
    const held = partOf(settings.now);
    if (held !== part) {
      made = make(held);
      part = held;
    }
    return made;
  };
}

/** When features have drifted, as it is configured now. */
export function liveDriftSettings(settings: LiveSettings): ReturnType<typeof driftSettingsOf> {
  const held = madeOf(settings, ({ drift }) => drift, driftSettingsOf);
  return (pipeline_name, feature_name) => held()(pipeline_name, feature_name);
}
