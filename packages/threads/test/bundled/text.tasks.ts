import { defineTasks, registerError } from "@quintet/core";

export class TextError extends Error {
  readonly line = 7;
}
registerError(TextError);

export const text = defineTasks("text", import.meta.url, {
  count: (line: string) => line.split(" ").length,
  *letters(line: string) {
    yield* line;
    return line.length;
  },
  refuse(line: string): never {
    throw new TextError(line);
  },
  waits: (_: undefined, { signal, progress }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      progress("waiting");
    }),
});
