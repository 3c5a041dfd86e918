import {
  drive,
  encodeThrown,
  RunContext,
  systemClock,
  type TaskCall,
  travels,
} from "@quintet/core/kit";
import { Report, type SetUpOrder, type UpkeepTask } from "../codec/protocol.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { loadEntry } from "./task-table.ts";
import type { WorkerPort } from "./worker-port.ts";

/** What is done in a worker before its first task and after its last, and what lasts in between. */
export class Upkeep {
  /** What `setup` returned. */
  state: unknown;
  readonly #port: WorkerPort;
  readonly #memory: MemoryWatch;
  #tearDown: (() => unknown) | undefined;

  constructor(port: WorkerPort) {
    this.#port = port;
    const full = (): void => port.send([Report.full]);
    this.#memory = new MemoryWatch(() => port.memory(), full, systemClock);
  }

  /** A task has ended: looks at times whether the worker keeps more memory than it may. */
  ended(now: number): void {
    if (now >= this.#memory.due) this.#memory.look(now);
  }

  /** Loads both tasks, so that a tear-down that cannot be found is known at once, and runs the first. */
  async setUp([, executor, setup, input, teardown, memory]: SetUpOrder): Promise<void> {
    this.#memory.limit(memory);
    try {
      const setUp = setup && (await load(executor, setup));
      const tearDown = teardown && (await load(executor, teardown));
      const context = new UpkeepContext(`${executor} setup`, this);
      if (setUp) this.state = await drive(setUp(input, context), context);
      if (tearDown) {
        const last = new UpkeepContext(`${executor} teardown`, this);
        this.#tearDown = () => drive(tearDown(this.state, last), last);
      }
      this.#port.send([Report.setUp, undefined]);
    } catch (thrown) {
      this.#port.send([Report.setUp, encodeThrown(thrown, this.#port.travels ?? travels)]);
      this.#port.exit();
    }
  }

  /** Runs the second task, and ends the worker. */
  leave(): void {
    if (this.#tearDown) void this.#leaveAfter(this.#tearDown);
    else this.#port.exit();
  }

  async #leaveAfter(tearDown: () => unknown): Promise<void> {
    try {
      await tearDown();
      this.#port.send([Report.tornDown, undefined]);
    } catch (thrown) {
      this.#port.send([Report.tornDown, encodeThrown(thrown, this.#port.travels ?? travels)]);
    }
    this.#port.exit();
  }
}

/** Nobody cancels it, and nobody hears of its progress. */
class UpkeepContext extends RunContext {
  readonly #upkeep: Upkeep;

  constructor(id: string, upkeep: Upkeep) {
    super(id);
    this.#upkeep = upkeep;
  }

  override get state(): unknown {
    return this.#upkeep.state;
  }
}

const load = (executor: string, [id, origin]: UpkeepTask): Promise<TaskCall> =>
  loadEntry({ id, origin, executor, call: undefined });
