import { count } from "../../format.ts";
import { cpuPerTask, measure, perSecond } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { tasksPerSecond } from "../../unit.ts";
import { inFlight } from "../in-flight.ts";
import { records } from "../records.ts";
import type { ThreadPool } from "../thread-pool.ts";
import type { Round, ThreadWork } from "../thread-work.ts";
import { type BenchRecord, checksum } from "../workers/functions.js";

/** What is sent, and what comes back. */
export interface ObjectsOptions {
  readonly tasks: number;
  /** The size of an input in kB. */
  readonly kilobytes: number;
  /** The input comes back; otherwise a number that depends on all of it. */
  readonly echoes: boolean;
}

const window = 64;

/** Inputs that are objects. They are made before the clock starts, anew for each round, and checked after it has stopped. */
export function objectsWork(name: string, options: ObjectsOptions): ThreadWork {
  const { tasks, kilobytes, echoes } = options;
  return {
    name,
    title: `${count(tasks)} tasks, ${window} under way, ${kilobytes} kB ${echoes ? "there and back" : "there, a number back"}`,
    rows: [{ name, unit: tasksPerSecond }],
    async prepare(pool) {
      await objectsRound(name, pool, { ...options, tasks: Math.min(tasks, 2_000) })();
      return objectsRound(name, pool, options);
    },
  };
}

function objectsRound(
  name: string,
  pool: ThreadPool,
  { tasks, kilobytes, echoes }: ObjectsOptions,
): Round {
  return async () => {
    const inputs = records(tasks, kilobytes);
    const outputs: (number | BenchRecord)[] = [];
    const call = echoes ? "echo" : "checksum";
    const run = (some: number): Promise<void> =>
      inFlight(window, some, async (index) => {
        outputs[index] = await pool.run(call, inputs[index] as BenchRecord);
      });
    const cost = await measure(
      () => run(tasks),
      () => run(Math.ceil(tasks / 20)),
    );
    verify("number of results", tasks, outputs.length);
    for (const [index, input] of inputs.entries()) {
      const output = outputs[index] as number | BenchRecord;
      const sum = typeof output === "number" ? output : checksum(output);
      verify(`checksum of record ${index}`, checksum(input), sum);
      if (output === input) throw new Error(`Record ${index} came back as the same object.`);
    }
    return { [name]: { value: perSecond(cost, tasks), cpuPerTask: cpuPerTask(cost, tasks) } };
  };
}
