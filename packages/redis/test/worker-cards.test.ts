/** What workers say of themselves, and what others have written in its place. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { queueKeys } from "../src/transport/queue-keys.ts";
import { workerCards } from "../src/transport/worker-cards.ts";
import { Place } from "./place.ts";

let here: Place;
beforeAll(async () => {
  here = await Place.open();
});
afterEach(() => here.clear());
afterAll(() => here.stop());

it("leaves out cards that are damaged, and forgets workers without one", async () => {
  await here.work({ name: "well" });
  const keys = queueKeys(here.queue);
  const cards = await here.redis(async (redis) => {
    await redis.sadd(keys.workers, "torn", "strange", "gone");
    await redis.set(keys.worker("torn"), '{"id":');
    await redis.set(keys.worker("strange"), "[1]");
    return workerCards(redis, keys);
  });
  expect(cards.map(({ name }) => name)).toEqual(["well"]);
  const known = await here.redis((redis) => redis.smembers(keys.workers));
  expect(known).not.toContain("gone");
  expect(known).toHaveLength(3);
});
