import { Writable } from "node:stream";
import { expect, it } from "vitest";
import type { QueueInfo } from "./queue-admin.ts";
import { drawer, infoText, type Terminal, watchInfo } from "./watch-info.ts";

const info = (waiting: number): QueueInfo => ({
  queue: "text",
  paused: false,
  waiting,
  delayed: 0,
  running: 0,
  dead: 0,
  workers: [],
});

function terminal(columns: number): {
  readonly terminal: Terminal;
  readonly written: () => string;
} {
  let text = "";
  const write = (chunk: unknown, _: unknown, done: () => void): void => {
    text += String(chunk);
    done();
  };
  const stream = Object.assign(new Writable({ write }), { columns });
  return { terminal: stream, written: () => text };
}

it("draws each text over the one before it, and lets no line wrap", () => {
  const { terminal: screen, written } = terminal(10);
  const draw = drawer(screen);
  draw("one\ntwo");
  draw("a line that is too long");
  expect(written()).toBe("\u001B[0Jone\ntwo\n\u001B[2A\u001B[0Ja line th\n");
});

it("asks until its signal is aborted, also while there is no answer", async () => {
  const controller = new AbortController();
  const shown: string[] = [];
  let asked = 0;
  const ask = (): Promise<QueueInfo> => {
    asked++;
    if (asked < 3) return Promise.resolve(info(asked));
    controller.abort();
    return new Promise(() => {});
  };
  await watchInfo(ask, (found) => shown.push(infoText(found)), 1, controller.signal);
  expect(shown.map((line) => line.slice(0, 15))).toEqual(["text: 1 waiting", "text: 2 waiting"]);
});

it("ends with the error of the question", async () => {
  const { signal } = new AbortController();
  const ask = (): Promise<QueueInfo> => Promise.reject(new Error("no"));
  await expect(watchInfo(ask, () => {}, 1, signal)).rejects.toThrow("no");
});
