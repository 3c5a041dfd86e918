import { isMoved } from "../../moved.ts";
import { decodeThrown, type EncodedThrown, encodeThrown } from "../errors/error-codec.ts";
import {
  answered,
  type Asked,
  givenUp,
  type Grant,
  type NameDesk,
  type NameRequest,
  nobody,
  type Reply,
} from "./name-desk.ts";

/** The number of what needs no answer. */
export const unanswered = 0;

/** What became of something that was asked in another realm. */
export const AnswerKind = { done: 0, failed: 1, givenUp: 2, lost: 3 } as const;

/** The answer to what was asked under a number, or the loss of the permit of this number. An error is encoded. */
export type NameAnswer = readonly [
  number: number,
  kind: (typeof AnswerKind)[keyof typeof AnswerKind],
  value: unknown,
];

/** What all runs here have asked another realm, and is not over. */
export class RemoteAsks {
  readonly #replies = new Map<number, Reply>();
  /** Of permits that are out, by their own numbers. */
  readonly #permits = new Map<number, Reply>();
  #count = 0;

  add(reply: Reply): number {
    this.#replies.set(++this.#count, reply);
    return this.#count;
  }

  drop(number: number): void {
    this.#replies.delete(number);
  }

  /** Its loss is of no interest any more. */
  returned(permit: number): void {
    this.#permits.delete(permit);
  }

  receive([number, kind, value]: NameAnswer): void {
    if (kind === AnswerKind.lost) {
      this.#permits.get(number)?.lost(decodeThrown(value as EncodedThrown));
      return;
    }
    const reply = this.#replies.get(number);
    if (!reply) return;
    this.drop(number);
    if (kind === AnswerKind.done) {
      const { permit } = Object(value) as Partial<Grant>;
      if (permit !== undefined) this.#permits.set(permit, reply);
      reply.done(value);
    } else {
      reply.failed(kind === AnswerKind.givenUp ? givenUp : decodeThrown(value as EncodedThrown));
    }
  }
}

/**
 * Sends a request under a number; nothing stands for giving up what has this number. `value` is what is sent to a channel,
 * as its sender gave it. Throws when it cannot travel.
 */
export type Post = (number: number, request: NameRequest | undefined, value?: unknown) => void;

/** Sends what one run asks to the realm where its desk is. */
export class RemoteDesk implements NameDesk {
  readonly #asks: RemoteAsks;
  readonly #post: Post;
  readonly #travels: (value: unknown) => boolean;

  constructor(asks: RemoteAsks, post: Post, travels: (value: unknown) => boolean) {
    this.#asks = asks;
    this.#post = post;
    this.#travels = travels;
  }

  ask(request: NameRequest, reply: Reply): Asked {
    const number = reply === nobody ? unanswered : this.#asks.add(reply);
    if (request.ask === "release") this.#asks.returned(request.permit);
    try {
      const value = request.ask === "send" ? request.value : undefined;
      this.#post(number, this.#encoded(request), value);
    } catch (error) {
      this.#asks.drop(number);
      reply.failed(error);
      return answered;
    }
    return { leave: () => this.#post(number, undefined) };
  }

  #encoded(request: NameRequest): NameRequest {
    if (request.ask === "close")
      return { ...request, error: encodeThrown(request.error, this.#travels) };
    if (request.ask !== "send" || !isMoved(request.value)) return request;
    return { ...request, value: request.value.value };
  }
}
