import { decodeThrown, type EncodedThrown, encodeThrown } from "../errors/error-codec.ts";
import {
  type Asked,
  givenUp,
  type Grant,
  type NameDesk,
  type NameRequest,
  nobody,
  type Reply,
} from "./name-desk.ts";
import { AnswerKind, type NameAnswer, unanswered } from "./remote-desk.ts";
import { notCloneable } from "../values/not-cloneable.ts";
import { RunNames } from "./run-names.ts";

/** Asks a desk for a run in another realm, and sends the answers there. */
export class ServedNames {
  readonly #names: RunNames;
  readonly #post: (answer: NameAnswer) => void;
  readonly #travels: (value: unknown) => boolean;
  readonly #asked = new Map<number, Asked>();

  /** `post` throws when a value in an answer cannot travel. */
  constructor(
    desk: NameDesk,
    post: (answer: NameAnswer) => void,
    travels: (value: unknown) => boolean,
  ) {
    this.#names = new RunNames(desk);
    this.#post = post;
    this.#travels = travels;
  }

  /** Takes what the run asks; nothing stands for giving up what it asked under this number. */
  receive(number: number, request: NameRequest | undefined): void {
    if (!request) return this.#asked.get(number)?.leave();
    if (number === unanswered) return void this.#names.ask(decoded(request), nobody);
    const reply = new ServedReply(
      (...answer) => this.#answer(...answer),
      number,
      () => this.#asked.delete(number),
    );
    const asked = this.#names.ask(decoded(request), reply);
    if (!reply.isOver) this.#asked.set(number, asked);
  }

  /** The run was cancelled. */
  cancel(reason: unknown): void {
    this.#names.cancel(reason);
  }

  /** The run has ended, or its worker has. */
  end(): void {
    this.#names.end();
  }

  #answer(number: number, kind: NameAnswer[1], value: unknown): void {
    if (kind === AnswerKind.done) {
      try {
        return this.#post([number, kind, value]);
      } catch (cause) {
        // It was sent where values need not travel.
        const received = (value as IteratorResult<unknown>).value;
        const what = "A value that was received";
        const error = notCloneable(what, "value", received, cause, this.#travels);
        return this.#answer(number, AnswerKind.failed, error);
      }
    }
    if (value === givenUp) this.#post([number, AnswerKind.givenUp, undefined]);
    else this.#post([number, kind, encodeThrown(value, this.#travels)]);
  }
}

/** Sends on what becomes of one thing that was asked. */
class ServedReply implements Reply {
  isOver = false;
  readonly #post: (...answer: NameAnswer) => void;
  readonly #number: number;
  readonly #onOver: () => void;
  #permit = 0;

  constructor(post: (...answer: NameAnswer) => void, number: number, onOver: () => void) {
    this.#post = post;
    this.#number = number;
    this.#onOver = onOver;
  }

  done(answer: unknown): void {
    this.#end();
    this.#permit = (Object(answer) as Partial<Grant>).permit ?? 0;
    this.#post(this.#number, AnswerKind.done, answer);
  }

  failed(error: unknown): void {
    this.#end();
    this.#post(this.#number, AnswerKind.failed, error);
  }

  lost(reason: unknown): void {
    this.#post(this.#permit, AnswerKind.lost, reason);
  }

  #end(): void {
    this.isOver = true;
    this.#onOver();
  }
}

const decoded = (request: NameRequest): NameRequest =>
  request.ask === "close"
    ? { ...request, error: decodeThrown(request.error as EncodedThrown) }
    : request;
