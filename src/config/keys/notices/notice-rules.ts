import type { Sources } from "../../format/sources/sources.ts";
import { dotted } from "../../format/yaml/checked-yaml.ts";
import type { Config } from "../types.ts";

/** Channels and teams that routes and digests name have to be there: else nobody would be told, and nobody would know. */
export function checkNoticeNames({ notices, teams }: Config, { problems, file }: Sources): void {
  const channelNames = notices.channels.map(({ name }) => name);
  const teamNames = teams.map(({ team }) => team);
  for (const key of ["routes", "digests"] as const) {
    for (const [index, { team, channels }] of notices[key].entries()) {
      const say = (part: string, message: string) => {
        const place = ["notices", key, index, part];
        problems.add(file!.where(place), `${dotted(place)}: ${message}`);
      };
      for (const name of channels.filter((channel) => !channelNames.includes(channel))) {
        say("channels", `no channel has the name ${JSON.stringify(name)}; ${named(channelNames)}`);
      }
      if (team !== null && !teamNames.includes(team)) {
        say("team", `no team has the name ${JSON.stringify(team)}; ${named(teamNames)}`);
      }
    }
  }
}

function named(names: readonly string[]): string {
  return names.length === 0 ? "there is none" : `they are ${names.join(", ")}`;
}
