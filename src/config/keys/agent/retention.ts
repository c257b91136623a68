import { duration } from "../../format/fields/duration.ts";
import { value } from "../../format/section.ts";

export const retention = value(duration("How long history is kept", "400d", "1d", "3660d"));
