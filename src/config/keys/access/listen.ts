import { address } from "../../format/fields/address.ts";
import { value } from "../../format/section.ts";

export const listen = value(
  address("Address and port of the HTTP server; beyond this machine it needs API keys", "127.0.0.1:9877"),
  { name: "SLUICE_LISTEN" },
);
