import { Tinypool } from "tinypool";
import { stamp } from "./functions.js";

// A file of its own, so that only who moves results has to load the whole of tinypool in its workers.
export const bounce = (bytes) => Tinypool.move(stamp(bytes));
