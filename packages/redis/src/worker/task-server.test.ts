import { eventLoop } from "@quintet/async";
import { LocalDesk, systemClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { TaskServer } from "./task-server.ts";
import type { WorkerLink } from "../transport/transport.ts";

it("that is stopped while it begins fetches nothing", async () => {
  const beat = Promise.withResolvers<void>();
  const calls: string[] = [];
  const link = {
    onControl: () => {},
    openDesk: () => new LocalDesk(systemClock),
    beat: () => beat.promise,
    consume: async () => void calls.push("consume"),
    stop: async () => void calls.push("stop"),
    close: async () => void calls.push("close"),
  } as unknown as WorkerLink;
  const card = { id: "w", name: "w", host: "h", pid: 1, concurrency: 1, since: 0 };
  const on = eventLoop();
  const server = new TaskServer(link, {
    ...{ queue: "q", on, card, tasks: new Map(), maxResult: 1_000, maxLosses: 2 },
    onError: () => {},
  });
  const started = server.start();
  await server.stop();
  beat.resolve();
  await started;
  await server.close();
  expect(calls).toEqual(["stop", "close"]);
  await on.close();
});
