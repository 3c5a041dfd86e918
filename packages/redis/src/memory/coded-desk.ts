import {
  answered,
  type Asked,
  type NameDesk,
  type NameRequest,
  type Reply,
} from "@quintet/core/kit";
import { decodeError, decodeValue } from "../values/decode-value.ts";
import { encodeEnd, encodeSent } from "../names/name-codec.ts";

/** A desk in this thread, behind which values are what they would be over a network. */
export class CodedDesk implements NameDesk {
  readonly #desk: NameDesk;
  readonly #maxValue: number;

  /** `maxValue`: bytes of an encoded value. */
  constructor(desk: NameDesk, maxValue: number) {
    this.#desk = desk;
    this.#maxValue = maxValue;
  }

  ask(request: NameRequest, reply: Reply): Asked {
    try {
      if (request.ask === "send") return this.#send(request, reply);
      if (request.ask === "receive") return this.#receive(request, reply);
      if (request.ask === "close")
        return this.#desk.ask({ ...request, error: sentEnd(request.error) }, reply);
    } catch (error) {
      reply.failed(error);
      return answered;
    }
    return this.#desk.ask(request, reply);
  }

  #send(request: NameRequest & { readonly ask: "send" }, reply: Reply): Asked {
    const value = encodeSent(request.name, request.value, this.#maxValue);
    return this.#desk.ask({ ...request, value }, reply);
  }

  #receive(request: NameRequest, reply: Reply): Asked {
    return this.#desk.ask(request, {
      done: (answer) => reply.done(received(answer as Received)),
      failed: (error) => reply.failed(error),
      lost: (reason) => reply.lost(reason),
    });
  }
}

type Received = IteratorResult<unknown, undefined> | undefined;

function received(answer: Received): Received {
  if (!answer || answer.done) return answer;
  return { done: false, value: decodeValue(JSON.parse(answer.value as string)) };
}

/** What a channel is closed with, as receivers get it. */
function sentEnd(error: unknown): unknown {
  const text = encodeEnd(error);
  return text === "" ? undefined : decodeError(JSON.parse(text));
}
