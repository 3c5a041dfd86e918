// One message for all tasks of a tick, one for all of their results: names and inputs in turn, then outputs.
import { parentPort } from "node:worker_threads";
import { functionsByName } from "./functions-by-name.js";

parentPort.on("message", (tasks) => {
  const outputs = [];
  for (let index = 0; index < tasks.length; index += 2) {
    outputs.push(functionsByName[tasks[index]](tasks[index + 1]));
  }
  parentPort.postMessage(outputs);
});
