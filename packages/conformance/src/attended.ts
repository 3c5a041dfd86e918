import type { Executor } from "@quintet/core";

/**
 * An executor that keeps what it promises. When a case has failed, nobody looks at the promises it had in
 * hand, and the runner must hear of the one failure only. To look at them any earlier would hide the
 * callers from their stacks: V8 follows a promise to who awaits it only while that is one.
 */
export class Attended {
  readonly executor: Executor;
  #promises: Promise<unknown>[] = [];

  constructor(inner: Executor) {
    const keep = (promise: Promise<unknown>): unknown => this.#promises.push(promise);
    this.executor = new Proxy(inner, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...given: unknown[]): unknown => {
          const result: unknown = Reflect.apply(member, target, given);
          if (result instanceof Promise) keep(result);
          return result;
        };
      },
    });
  }

  /** Nobody will look at what it promised any more. */
  leave(): void {
    for (const promise of this.#promises) promise.catch(() => {});
    this.#promises = [];
  }
}
