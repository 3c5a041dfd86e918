import { fileURLToPath } from "node:url";
import type { Cost } from "../../measure.ts";
import { pythonVersion, startPython } from "../../python-process.ts";
import type { Subject } from "../../subject.ts";
import type { Entry, Readings } from "../../work.ts";
import { size as workers } from "../thread-work.ts";

/** Ways to use several cores from Python, by the names of their subjects. */
export const pythonNames = {
  submit: "Python ProcessPoolExecutor.submit",
  map: "Python ProcessPoolExecutor.map",
  poolMap: "Python multiprocessing.Pool.map",
} as const;

const script = fileURLToPath(new URL("./pools.py", import.meta.url));

/** Python's pools as they come. They are of processes: its threads do not compute side by side. */
export const pythonSubjects: readonly Subject[] = Object.values(pythonNames).map((name) => ({
  name,
  kind: "peer",
  get version() {
    return pythonVersion() ?? "none";
  },
}));

/** What the script is asked for. */
export interface PythonRequest {
  readonly work: "at once" | "in flight" | "one at a time" | "map" | "computing" | "cold start";
  /** The number of tasks. */
  readonly size: number;
}

/** What the script measured, in milliseconds. */
export interface PythonAnswer extends Cost {
  /** Of each task, where they run one at a time. */
  readonly latencies: readonly number[];
  /** What one task takes without a pool, where tasks compute. */
  readonly inline: number;
}

/** Python's part in a work. Its pool is opened for each round and closed afterwards: only then it tells what its processes used. */
export function pythonEntry(
  subject: (typeof pythonNames)[keyof typeof pythonNames],
  request: PythonRequest,
  readings: (answer: PythonAnswer) => Readings,
): Entry {
  return {
    subject,
    async open() {
      if (pythonVersion() === undefined) throw new Error("there is no python3 on the PATH");
      const python = startPython(script);
      const ask = (tasks: number): Promise<unknown> =>
        python.ask({ ...request, size: tasks, via: subject, workers });
      return {
        warmUp: async () => void (await ask(Math.min(request.size, 100))),
        round: async () => readings((await ask(request.size)) as PythonAnswer),
        close: () => python.close(),
      };
    },
  };
}
