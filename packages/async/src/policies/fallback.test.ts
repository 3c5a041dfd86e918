import { InvalidOptionError, withPolicies } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { held, reason, reasonOf } from "../../test/stage.ts";
import { fallback, retry } from "../index.ts";

const error = new Error("failed");

const fail = async (_input: string): Promise<string> => {
  throw error;
};

describe("an answer", () => {
  it("takes the place of an error, and knows error, input and call", async () => {
    const heard: unknown[] = [];
    const policy = fallback(async (thrown, input: string, { attempt }) => {
      heard.push(thrown, input, attempt);
      return "instead";
    });
    expect(await withPolicies(fail, policy)("a", { attempt: 2 })).toBe("instead");
    expect(heard).toEqual([error, "a", 2]);
  });

  it("is not asked for where there is a value", async () => {
    const policy = fallback(() => {
      throw new Error("asked");
    });
    expect(await withPolicies((input: number) => input, policy)(5)).toBe(5);
  });

  it("that fails is the error", async () => {
    const policy = fallback(() => {
      throw reason;
    });
    expect(await reasonOf(withPolicies(fail, policy)("a"))).toBe(reason);
  });

  it("is only for errors that it is for", async () => {
    const policy = fallback(() => "instead", { when: (thrown) => thrown !== error });
    expect(await reasonOf(withPolicies(fail, policy)("a"))).toBe(error);
    const other = withPolicies(() => Promise.reject(reason), policy);
    expect(await other()).toBe("instead");
  });
});

describe("an abort", () => {
  it("is not answered for", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const policy = fallback(() => "instead");
    const result = reasonOf(withPolicies(held(), policy)(1, { signal }));
    controller.abort(reason);
    expect(await result).toBe(reason);
    expect(await reasonOf(withPolicies(held(), policy)(1, { signal }))).toBe(reason);
  });

  it("leaves an error that is not for its sake as it is", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = held({ deaf: true });
    const result = reasonOf(
      withPolicies(
        call,
        fallback(() => "instead"),
      )(1, { signal }),
    );
    controller.abort(reason);
    call.calls[0]?.reject(error);
    expect(await result).toBe(error);
  });
});

it("belongs outside of a retry, which else never tries again", async () => {
  for (const [isOutside, calls] of [
    [true, 3],
    [false, 1],
  ] as const) {
    let count = 0;
    const again = retry({ attempts: 3, backoff: { base: 0 } });
    const instead = fallback(() => "instead");
    const guarded = withPolicies(
      () => {
        count++;
        throw error;
      },
      ...(isOutside ? [instead, again] : [again, instead]),
    );
    expect(await guarded()).toBe("instead");
    expect(count).toBe(calls);
  }
});

it("refuses an answer that is no function, and options that it does not know", () => {
  expect(() => fallback("instead" as never)).toThrow(InvalidOptionError);
  expect(() => fallback(() => 1, { if: 1 } as never)).toThrow(InvalidOptionError);
});
