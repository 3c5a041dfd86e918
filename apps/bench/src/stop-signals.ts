import { constants } from "node:os";

const said = { SIGINT: "Ctrl-C", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP" } as const;

/** Ends the process on a signal to stop; threads end with it, and `startChild` sees to processes. */
export function endOnSignals(): void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      console.error(`\nStopped by ${said[name]}.`);
      process.exit(128 + constants.signals[name]);
    });
  }
}
