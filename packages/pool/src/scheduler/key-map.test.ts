import { type TaskRun, virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { FakeTransport } from "../../test/fake-transport.ts";
import { KeyMap } from "./key-map.ts";
import { Place } from "../worker-handle/place.ts";
import { WorkerHandle } from "../worker-handle/worker-handle.ts";

function idleWorker(): WorkerHandle {
  const nothing = (): void => {};
  const owner = { clock: virtualClock(), name: "none", up: nothing, started: nothing };
  const told = {
    item: nothing,
    output: nothing,
    deskFor: (): never => expect.fail("asks for names"),
    progress: nothing,
    ended: nothing,
    caughtUp: nothing,
  };
  const gone = {
    tearDownFailed() {},
    returned: nothing,
    dismissed: nothing,
    exited: nothing,
    promote: () => undefined as never,
  };
  const terms = { startTimeout: 30_000, grace: 1_000, quota: Infinity, due: Infinity };
  return new WorkerHandle({ ...owner, ...told, ...gone }, new FakeTransport(), terms);
}

it("forgets the half of its keys that was used least recently when there are too many", () => {
  const [keys, worker] = [new KeyMap(4), idleWorker()];
  for (const key of ["a", "b", "c", "d"]) keys.bind(key, worker);
  keys.use("a");
  keys.bind("e", worker);
  expect(["a", "b", "c", "d", "e"].map((key) => keys.get(key) !== undefined)).toEqual([
    true,
    false,
    false,
    true,
    true,
  ]);
  expect(worker.line.keys).toEqual(new Set(["a", "d", "e"]));
});

it("forgets all keys of a worker that is gone", () => {
  const [keys, one, other] = [new KeyMap(), idleWorker(), idleWorker()];
  keys.bind("a", one);
  keys.bind("b", other);
  keys.forget(one);
  expect([keys.get("a"), keys.get("b")]).toEqual([undefined, other]);
  expect([one.line.keys.size, keys.size]).toEqual([0, 1]);
});

it("keeps the keys that have a task", () => {
  const [keys, worker] = [new KeyMap(4), idleWorker()];
  const run = { options: { key: "a" }, priority: 0, place: new Place(0, undefined) };
  worker.line.join(run as unknown as TaskRun);
  for (const key of ["a", "b", "c", "d", "e"]) keys.bind(key, worker);
  expect(["a", "b", "c", "d", "e"].filter((key) => keys.get(key))).toEqual(["a", "d", "e"]);
});
