import type { TaskOutput } from "@quintet/core";
import { alike, later, refusal, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { noOutput, output } from "../needs.ts";
import { tasks } from "../tasks.ts";

/** A listener, and what it has heard on each stream. */
function listener() {
  const heard = { stdout: "", stderr: "", order: [] as string[] };
  const onOutput = ({ stream, text }: TaskOutput): void => {
    heard[stream] += text;
    heard.order.push(stream);
  };
  return { heard, onOutput };
}

export const outputCases: readonly ConformanceCase[] = [
  {
    id: "output.whole",
    title: "output: what a task writes arrives in order, whole, and before its result",
    needs: [output],
    run: async (stage) => {
      const executor = await stage.executor();
      for (const waits of [false, true]) {
        const { heard, onOutput } = listener();
        const lines = Array.from({ length: 100 }, (_, line) => `line ${line} \u{1F980}`);
        same(await executor.run(tasks.write, { lines, waits }, { onOutput }), 100);
        const whole = lines.map((line) => `${line}\n`).join("");
        same(heard.stdout, whole, "What it wrote to stdout");
        same(heard.stderr, whole, "What it wrote to stderr");
        alike(heard.order.slice(0, 4), ["stdout", "stderr", "stdout", "stderr"], "The order");
      }
    },
  },
  {
    id: "output.own",
    title: "output: each task is heard by its own caller, also one that fails or yields",
    needs: [output],
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const names = ["a", "b", "c", "d"];
      const written = await Promise.all(
        names.map(async (name) => {
          const { heard, onOutput } = listener();
          const input = { lines: [name, name], waits: true };
          await executor.submit(tasks.write, input, { onOutput }).result;
          return heard.stdout;
        }),
      );
      alike(written, ["a\na\n", "b\nb\n", "c\nc\n", "d\nd\n"], "What was written");
      const failing = listener();
      await rejection(
        executor.run(tasks.writeAndThrow, "last words", { onOutput: failing.onOutput }),
      );
      same(failing.heard.stdout, "last words", "What the failing one wrote");
      const yielding = listener();
      const { onOutput } = yielding;
      for await (const item of executor.stream(tasks.writeAndYield, 3, { onOutput }))
        same(yielding.heard.stdout.includes(String(item)), true, "Whether it was heard before");
      same(yielding.heard.stdout, "123", "What the yielding one wrote");
    },
  },
  {
    id: "output.bytes",
    title: "output: bytes are put together to text, wherever they are cut",
    needs: [output],
    run: async (stage) => {
      const executor = await stage.executor();
      const { heard, onOutput } = listener();
      await executor.run(tasks.writeBytes, [...new TextEncoder().encode("é\u{1F980}")], {
        onOutput,
      });
      same(heard.stdout, "é\u{1F980}", "The text");
      const half = listener();
      await executor.run(tasks.writeBytes, [0x61, 0xc3], { onOutput: half.onOutput });
      same(half.heard.stdout, "a\uFFFD", "The text with half a character at its end");
    },
  },
  {
    id: "output.throws",
    title: "output: when onOutput throws, the task is cancelled with that very error",
    needs: [output],
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      const reason = new Error("I do not want to hear it");
      const onOutput = (): never => {
        throw reason;
      };
      const run = later(executor.run(tasks.writeAndWait, "on and on", { onOutput }));
      same(await rejection(run), reason, "The reason");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "output.refused",
    title: "no output: the option is refused with NOT_SUPPORTED",
    needs: [noOutput],
    run: async (stage) => {
      const executor = await stage.executor();
      const { onOutput } = listener();
      const input = { lines: [], waits: false };
      await refusal(executor.run(tasks.write, input, { onOutput }), "NOT_SUPPORTED");
      await refusal(executor.submit(tasks.write, input, { onOutput }).result, "NOT_SUPPORTED");
      await refusal(executor.stream(tasks.writeAndYield, 1, { onOutput }).next(), "NOT_SUPPORTED");
      same(await executor.run(tasks.write, input), 0);
    },
  },
];
