import { move } from "piscina";
import { stamp } from "./functions.js";

// A file of its own, so that only who moves results has to load the whole of Piscina in its workers.
export const bounce = (bytes) => move(stamp(bytes));
