// For pools that take exports by their names: Piscina and tinypool.
export { burn, checksum, echo, hold, noop, stamp, weigh } from "./functions.js";
