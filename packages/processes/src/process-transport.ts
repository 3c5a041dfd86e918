import type { Traits } from "@quintet/core";
import type { Travels } from "@quintet/core/kit";
import type { Link, LinkEvents, Transport } from "@quintet/pool";
import { ProcessLink } from "./process-link.ts";
import type { ProcessOptions } from "./process-options.ts";
import { SpareProcesses } from "./spare-processes.ts";
import { startProcess } from "./start-process.ts";
import { travels } from "./values.ts";

const traits: Traits = {
  isolation: "process",
  parallel: true,
  preemptive: true,
  durable: false,
  values: "clone",
  closures: false,
  inline: true,
  transfer: false,
  sharedMemory: false,
  keyed: true,
  output: true,
};

/** Workers that are child processes of this one. */
export class ProcessTransport implements Transport {
  readonly traits: Traits = traits;
  readonly travels: Travels = travels;
  readonly #options: ProcessOptions;
  readonly #spares: SpareProcesses;

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#spares = new SpareProcesses(options.spares ?? 0, () => startProcess(options));
  }

  connect(events: LinkEvents): Link {
    const started = this.#spares.take() ?? startProcess(this.#options);
    return new ProcessLink(events, started, this.#options.stdio === "ignore");
  }

  close(): Promise<void> {
    return this.#spares.close();
  }
}
