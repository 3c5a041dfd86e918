import type { ChannelOptions } from "../../channel.ts";

/** What is asked about a name. It can be cloned where its value can. */
export type NameRequest =
  /** Answer: a `Grant`; `undefined` when it would have to wait and does not. */
  | {
      readonly ask: "acquire";
      readonly name: string;
      /** How many there are, where the asker says so. */
      readonly permits: number | undefined;
      readonly weight: number;
      readonly priority: number;
      /** Milliseconds. */
      readonly timeout: number | undefined;
      readonly waits: boolean;
    }
  | { readonly ask: "release"; readonly permit: number }
  /** Answer: whether it was sent. */
  | (ChannelRequest & { readonly ask: "send"; readonly value: unknown; readonly waits: boolean })
  /** Answer: an `IteratorResult`; `undefined` when it would have to wait and does not. */
  | (ChannelRequest & { readonly ask: "receive"; readonly waits: boolean })
  | (ChannelRequest & { readonly ask: "close"; readonly error: unknown })
  /** Says what there is of a name, and waits for nothing. */
  | { readonly ask: "permits"; readonly name: string; readonly permits: number }
  | (ChannelRequest & { readonly ask: "options" })
  /** Answer: an `Inspection`. */
  | {
      readonly ask: "inspect";
      readonly name: string;
      readonly kind: "semaphore" | "channel";
    };

interface ChannelRequest {
  readonly name: string;
  /** What the channel is, where the asker says so. */
  readonly options: ChannelOptions | undefined;
}

/** A permit, as a desk gives it. */
export interface Grant {
  /** What it is given back by. */
  readonly permit: number;
  readonly fencingToken: number;
}

/** Who gets the answer: one of `done` and `failed`, once. */
export interface Reply {
  done(answer: unknown): void;
  failed(error: unknown): void;
  /** After `done`: the permit is lost. */
  lost(reason: unknown): void;
}

/** Something that was asked. */
export interface Asked {
  /** Asks to give it up. It fails with `givenUp`, unless it was answered before that could be done. */
  leave(): void;
}

/** What fails that was given up. */
export const givenUp: unique symbol = Symbol("quintet.given-up");

/** Where all that is asked of named semaphores and channels comes to; one for each place that keeps them. */
export interface NameDesk {
  /** Never throws. The answer may come before this returns. */
  ask(request: NameRequest, reply: Reply): Asked;
}

/** A desk that somebody opened, and closes. */
export interface OwnDesk extends NameDesk {
  /** Refuses all who wait, and whoever comes. A second call does nothing. */
  close(reason: unknown): void;
}

/** For what nobody waits for. */
export const nobody: Reply = { done: () => {}, failed: () => {}, lost: () => {} };

/** For what was answered before anybody could leave. */
export const answered: Asked = { leave: () => {} };

/** The desk behind an executor that has one: each that is a `TaskExecutor`. */
export function deskOf(names: unknown): NameDesk | undefined {
  return (Object(names) as { readonly desk?: NameDesk | undefined }).desk;
}
