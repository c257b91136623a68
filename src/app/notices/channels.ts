import { isDeepStrictEqual } from "node:util";
import type { ChannelConfig } from "../../config.ts";
import type { Notifier } from "../../ports.ts";

interface Channel {
  config: ChannelConfig;
  notifier: Notifier;
}

/** The channels that are configured, each with what sends to it. */
export class Channels {
  #channels: Channel[] = [];

  get names(): string[] {
    return this.#channels.map(({ config }) => config.name);
  }

  get notifiers(): Notifier[] {
    return this.#channels.map(({ notifier }) => notifier);
  }

  /** A channel that is as it was keeps what sends to it, with its connections. */
  async replace(configs: readonly ChannelConfig[]): Promise<void> {
    const same = (config: ChannelConfig) => this.#channels.find((one) => isDeepStrictEqual(one.config, config));
    const fresh = configs.filter((config) => same(config) === undefined);
    const made = new Map((await notifiersOf(fresh)).map((notifier) => [notifier.channel, notifier]));
    this.#channels = configs.map((config) => same(config) ?? { config, notifier: made.get(config.name)! });
  }
}

async function notifiersOf(channels: readonly ChannelConfig[]): Promise<Notifier[]> {
  if (channels.length === 0) return [];
  const { createNotifiers } = await import("../../adapters/notify/notifiers.ts");
  return createNotifiers(channels);
}
