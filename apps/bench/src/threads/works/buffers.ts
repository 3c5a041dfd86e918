import { count } from "../../format.ts";
import { type Cost, cpuPerTask, measure } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { milliseconds } from "../../unit.ts";
import type { Readings } from "../../work.ts";
import type { ThreadPool } from "../thread-pool.ts";
import type { ThreadWork } from "../thread-work.ts";

const bytes = 16_000_000;

/** Buffers that move to the worker, each a new one. */
export function movedBuffersWork(name: string, buffers: number): ThreadWork {
  return buffersWork({
    name,
    buffers,
    way: "moved there",
    can: ({ send }) => send !== undefined,
    async run({ send }) {
      const inputs = Array.from({ length: buffers }, (_, index) => buffer(index));
      return await measure(async () => {
        for (const [index, input] of inputs.entries()) {
          verify(`weigh(${index})`, bytes + (index % 256), await send?.(input));
          verify(`bytes left of buffer ${index}`, 0, input.byteLength);
        }
      });
    },
  });
}

/** One buffer that moves to the worker and back, again and again. */
export function bouncedBuffersWork(name: string, buffers: number): ThreadWork {
  return buffersWork({
    name,
    buffers,
    way: "moved there and back",
    can: ({ bounce }) => bounce !== undefined,
    async run({ bounce }) {
      let current = buffer(0);
      return await measure(async () => {
        for (let index = 0; index < buffers; index++) {
          const sent = current;
          current = (await bounce?.(sent)) as Uint8Array<ArrayBuffer>;
          verify("bytes left of what was sent", 0, sent.byteLength);
          verify("length of what came back", bytes, current.length);
          verify(`first byte after ${index + 1}`, (index + 1) % 256, current[0]);
        }
      });
    },
  });
}

/** Buffers that are copied to the worker and back. */
export function copiedBuffersWork(name: string, buffers: number): ThreadWork {
  return buffersWork({
    name,
    buffers,
    way: "copied there and back",
    can: () => true,
    async run(pool) {
      const input = buffer(0);
      return await measure(async () => {
        for (let index = 0; index < buffers; index++) {
          input[0] = index;
          const output = await pool.run("stamp", input);
          verify("length of the copy", bytes, output.length);
          verify(`first byte of copy ${index}`, (index + 1) % 256, output[0]);
          verify("first byte of what was copied", index % 256, input[0]);
        }
      });
    },
  });
}

interface BuffersOptions {
  readonly name: string;
  readonly buffers: number;
  readonly way: string;
  readonly can: (pool: ThreadPool) => boolean;
  readonly run: (pool: ThreadPool) => Promise<Cost>;
}

function buffersWork({ name, buffers, way, can, run }: BuffersOptions): ThreadWork {
  const readings = (cost: Cost): Readings => ({
    [name]: { value: cost.time / buffers, cpuPerTask: cpuPerTask(cost, buffers) },
  });
  return {
    name,
    title: `${count(buffers)} buffers, one at a time, ${way}`,
    rows: [{ name, unit: milliseconds }],
    refusal: (pool) => (can(pool) ? undefined : `buffers cannot be ${way}`),
    async prepare(pool) {
      await run(pool);
      return async () => readings(await run(pool));
    },
  };
}

/** Bytes whose first one tells which they are. */
function buffer(index: number): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(bytes);
  made[0] = index;
  return made;
}
