// One message for each task, one for each result.
import { parentPort } from "node:worker_threads";
import { functionsByName } from "./functions-by-name.js";

parentPort.on("message", ({ id, name, input, move }) => {
  const output = functionsByName[name](input);
  parentPort.postMessage({ id, output }, move ? [output.buffer] : []);
});
