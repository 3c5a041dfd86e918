import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";

/** What results depend on. */
export interface Machine {
  /** The processor's model. */
  readonly cpu: string;
  /** How many cores this process may use. */
  readonly cores: number;
  /** In GB of 1,000,000,000 bytes. */
  readonly memory: number;
  readonly os: string;
}

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 1e9),
    os: `${type()} ${release()} ${arch()}`,
  };
}
