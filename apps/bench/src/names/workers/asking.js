import { parentPort } from "node:worker_threads";

let granted;

const ask = () =>
  new Promise((resolve) => {
    granted = resolve;
    parentPort.postMessage({ ask: true });
  });

async function work(permits, values) {
  let taken = 0;
  for (let time = 0; time < permits; time++) {
    await ask();
    taken++;
    parentPort.postMessage({ release: true });
  }
  for (let value = 1; value <= values; value++) parentPort.postMessage({ value });
  parentPort.postMessage({ taken });
}

parentPort.on("message", ({ permits, values, grant }) => {
  if (grant) granted();
  else void work(permits, values);
});
