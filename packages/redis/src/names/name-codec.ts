import { InvalidOptionError, type Inspection } from "@quintet/core";
import {
  channelClosed,
  channelFull,
  type NameRequest,
  type Reply,
  typed,
  wholeNumber,
} from "@quintet/core/kit";
import { TooLargeError } from "../queue-errors.ts";
import { decodeError, decodeValue } from "../values/decode-value.ts";
import { encodeError, encodeValue } from "../values/encode-value.ts";
import type { Question } from "./desk-ask.ts";
import type { DeskAnswer, DeskQuestion } from "./desk-calls.ts";

/** A value on its way into a channel, as JSON. *Errors*: `NOT_CLONEABLE`, `TOO_LARGE`. */
export function encodeSent(name: string, value: unknown, limit: number): string {
  const text = JSON.stringify(encodeValue(value, "value").json);
  const bytes = text.length * 3 > limit ? Buffer.byteLength(text) : 0;
  if (bytes <= limit) return text;
  throw new TooLargeError(
    `A value for the channel ${JSON.stringify(name)} takes ${bytes} bytes, and ${limit} are sent at most. ` +
      `Send a reference to where it is instead.`,
  );
}

/** What a channel is closed with, as JSON; nothing where that is no error. */
export function encodeEnd(error: unknown): string {
  return error === undefined ? "" : JSON.stringify(encodeError(error).json);
}

/** What there is of a name as a question says it: the strings that go to Redis. *Errors*: those of `encodeSent`. */
export function termsOf(request: Question, limit: number): readonly string[] {
  check(request);
  switch (request.ask) {
    case "acquire": {
      const { permits = "", weight, priority, waits } = request;
      return [`${permits}`, `${weight}`, scoreOf(priority), flag(waits)];
    }
    case "permits":
      return [`${request.permits}`];
    case "send": {
      const { name, value, waits } = request;
      return [...optionsOf(request), encodeSent(name, value, limit), flag(waits)];
    }
    case "receive":
      return [...optionsOf(request), flag(request.waits)];
    case "close":
      return [...optionsOf(request), encodeEnd(request.error)];
    case "options":
      return optionsOf(request);
    default:
      return [];
  }
}

/** Nothing else may get into Redis, where it would be everybody's. *Errors*: `INVALID_OPTION`. */
function check({ name, permits }: { readonly name: unknown; readonly permits?: unknown }): void {
  const problem =
    typed("string")(name, "the name") ??
    (permits === undefined ? undefined : wholeNumber(1)(permits, "permits"));
  if (problem) throw new InvalidOptionError(`${JSON.stringify(name)}: ${problem}.`);
}

/** What a question is called in the script. */
export function questionOf(request: Question): DeskQuestion {
  return request.ask === "inspect" ? request.kind : request.ask;
}

/** A name as part of a key. What is no text in Unicode is escaped, since it would be replaced on the way. */
export function keyOf(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}

type ChannelTerms = Extract<NameRequest, { readonly ask: "options" }>["options"];

function optionsOf({ options }: { readonly options: ChannelTerms }): [string, string] {
  if (!options) return ["", ""];
  const { capacity = 0, overflow = "block" } = options;
  return [capacity === Infinity ? "inf" : `${capacity}`, overflow];
}

const flag = (is: boolean): string => (is ? "1" : "");

/** Redis sorts upwards, and a higher priority comes first. */
const scoreOf = (priority: number): string => `${-priority}`.replace("Infinity", "inf");

/** Tells an answer that grants no permit. */
export function tellAnswer(reply: Reply, request: NameRequest, answer: DeskAnswer): void {
  let value;
  try {
    value = readAnswer(request, answer);
  } catch (error) {
    reply.failed(error);
    return;
  }
  reply.done(value);
}

/** *Errors*: what the answer says. */
function readAnswer(request: NameRequest, answer: DeskAnswer): unknown {
  const { name } = request as { readonly name: string };
  switch (answer[0]) {
    case "done":
      return request.ask === "send" ? true : undefined;
    case "not now":
      return request.ask === "send" ? false : undefined;
    case "value":
      return { done: false, value: decodeValue(answer[1]) };
    case "end":
      if (answer.length > 1) throw decodeError(answer[1]);
      return { done: true, value: undefined };
    case "closed":
      throw channelClosed(answer[1] === null ? undefined : decodeError(answer[1]));
    case "full":
      throw channelFull(answer[1]);
    case "heavy": {
      const { weight } = request as { readonly weight: number };
      throw new InvalidOptionError(
        `semaphore ${JSON.stringify(name)}: weight ${weight} is more than its capacity, ${answer[1]}, so it could never be granted.`,
      );
    }
    case "other": {
      const [capacity, overflow] = optionsOf(request as { readonly options: ChannelTerms });
      throw new InvalidOptionError(
        `channel ${JSON.stringify(name)} has capacity ${answer[1]} and overflow "${answer[2]}", got ${capacity} and "${overflow}"; say the same everywhere, or nothing.`,
      );
    }
    case "semaphore":
      return inspectedSemaphore(name, answer);
    case "channel":
      return inspectedChannel(name, answer);
    default:
      throw new TypeError(`Redis answers ${JSON.stringify(answer)}.`);
  }
}

const waiter = (what: string, weight: number): Inspection["waiters"][number] => ({
  what,
  weight,
  task: undefined,
  place: undefined,
  duration: undefined,
});

function inspectedSemaphore(
  name: string,
  [kind, capacity, taken, weights]: DeskAnswer & readonly ["semaphore", ...unknown[]],
): Inspection {
  const available = Math.max(0, capacity - taken);
  return {
    kind,
    name,
    state: { capacity, available, taken, waiting: weights.length, closed: false },
    holders: [],
    waiters: weights.map((weight) => waiter("permit", weight)),
  };
}

function inspectedChannel(
  name: string,
  [kind, size, values, senders, receivers, closed]: DeskAnswer & readonly ["channel", ...unknown[]],
): Inspection {
  const capacity = size === "inf" ? Infinity : size;
  return {
    kind,
    name,
    state: { capacity, size: values, reserved: 0, senders, receivers, closed },
    holders: [],
    waiters: [
      ...Array.from({ length: receivers }, () => waiter("value", 1)),
      ...Array.from({ length: senders }, () => waiter("room", 1)),
    ],
  };
}
