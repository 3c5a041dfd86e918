import type { Semaphore } from "@quintet/core";
import { expectTypeOf } from "vitest";
import {
  keyed,
  type Keyed,
  mutex,
  rwLock,
  type RwLockSides,
  semaphore,
  type WritePermit,
} from "../index.ts";

expectTypeOf(keyed(() => mutex())).toEqualTypeOf<Keyed<string>>();
expectTypeOf(keyed((key: number) => semaphore(key)).get(3)).toEqualTypeOf<Semaphore>();
expectTypeOf(keyed((key: number) => rwLock({ name: `${key}` }))).toEqualTypeOf<
  Keyed<number, RwLockSides>
>();

const files = keyed(() => rwLock());
expectTypeOf(files.get("a").write.tryAcquire()).toEqualTypeOf<WritePermit | undefined>();
// @ts-expect-error: a read/write lock has two sides to acquire
void files.get("a").acquire();
// @ts-expect-error: a mutex has none
void keyed(() => mutex()).get("a").read;
// @ts-expect-error: this is neither
keyed(() => 5);
