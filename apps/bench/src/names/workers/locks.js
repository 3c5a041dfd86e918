import { parentPort } from "node:worker_threads";

async function take(times) {
  let taken = 0;
  for (let time = 0; time < times; time++) await navigator.locks.request("bench", () => taken++);
  parentPort.postMessage(taken);
}

parentPort.on("message", (times) => void take(times));
