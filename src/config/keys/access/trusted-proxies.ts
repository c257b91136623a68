import { isIP } from "node:net";
import Type from "typebox";
import type { Section } from "../../format/section.ts";
import { dotted } from "../../format/yaml/checked-yaml.ts";
import { wrongValue } from "../../format/yaml/wrong-value.ts";

const NETWORK = { description: "an address or network such as 10.0.0.7, 10.0.0.0/8 or fd00::/8" };
const Network = Type.String({ minLength: 1, maxLength: 64, ...NETWORK });

/** Nobody else's word about where a request comes from is taken. */
export const trustedProxies: Section<string[]> = {
  schema: {
    ...Type.Array(Network, { maxItems: 1000 }),
    type: ["array", "null"],
    title: "Proxies whose X-Forwarded-For and X-Forwarded-Host are taken",
    description: "a list of at most 1000 addresses and networks",
    default: [],
  },
  variables: [],
  read({ file, problems }, path) {
    return (file?.items<string>(path) ?? []).map(({ item, path: at }) => {
      if (!isNetwork(item)) problems.add(file!.where(at), `${dotted(at)}: ${wrongValue(item, NETWORK)}`);
      return item;
    });
  },
  write: (value) => value,
};

function isNetwork(text: string): boolean {
  const [address = "", bits, more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
