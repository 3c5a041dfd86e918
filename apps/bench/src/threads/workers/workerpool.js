import workerpool from "workerpool";
import { functionsByName } from "./functions-by-name.js";
import { stamp } from "./functions.js";

workerpool.worker({
  ...functionsByName,
  bounce: (bytes) => new workerpool.Transfer(stamp(bytes), [bytes.buffer]),
});
