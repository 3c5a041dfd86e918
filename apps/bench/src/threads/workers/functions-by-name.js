import { burn, checksum, echo, hold, noop, stamp, weigh } from "./functions.js";

/** For workers that are told a name, or that register all functions at once. */
export const functionsByName = { noop, burn, echo, checksum, stamp, weigh, hold };
