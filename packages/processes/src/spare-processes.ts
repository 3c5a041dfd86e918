import { once } from "node:events";
import { systemClock } from "@quintet/core/kit";
import { endGroup } from "./end-group.ts";
import { closePipes, holdProcess, type StartedProcess } from "./start-process.ts";

/** Processes that were started before they are needed. None of them keeps this process alive. */
export class SpareProcesses {
  readonly #wanted: number;
  readonly #start: () => StartedProcess;
  readonly #spares: StartedProcess[] = [];
  #filling = false;
  #closed = false;

  constructor(wanted: number, start: () => StartedProcess) {
    this.#wanted = wanted;
    this.#start = start;
  }

  /** One of them, if there is one; another is started in its place, but not in this turn. */
  take(): StartedProcess | undefined {
    this.#fillSoon();
    for (let spare = this.#spares.shift(); spare; spare = this.#spares.shift()) {
      holdProcess(spare, true);
      if (!hasEnded(spare)) return spare;
      closePipes(spare);
    }
    return undefined;
  }

  /** Ends them; resolves when they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#spares.splice(0).map(end));
  }

  #fillSoon(): void {
    if (this.#filling || this.#wanted === 0) return;
    this.#filling = true;
    systemClock.after(0, () => this.#fill(), { background: true });
  }

  #fill(): void {
    this.#filling = false;
    try {
      while (!this.#closed && this.#spares.length < this.#wanted) {
        const spare = this.#start();
        holdProcess(spare, false);
        this.#spares.push(spare);
      }
    } catch {
      // Whoever needs a process next is told why there is none.
    }
  }
}

async function end(spare: StartedProcess): Promise<void> {
  const { child } = spare;
  if (child.pid !== undefined && !hasEnded(spare)) {
    holdProcess(spare, true);
    const gone = once(child, "exit");
    endGroup(child);
    await gone;
  }
  closePipes(spare);
}

const hasEnded = ({ child }: StartedProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;
