import type { FrameContent, FrameWriter } from "./frames.ts";

/** What is said of a run before all else. */
export const Mark = { alike: 1, revoked: 2 } as const;

/** What a plain value is; one that is not plain comes by message. */
const Plain = { message: 0, undefined: 1, null: 2, false: 3, true: 4, number: 5, text: 6 } as const;

/** Stands for a value that comes by message. */
export const byMessage: unique symbol = Symbol("by message");

/** Writes a plain value, or that it comes by message. */
export function writePlain(frames: FrameWriter, value: unknown): void {
  switch (typeof value) {
    case "number":
      frames.byte(Plain.number);
      frames.number(value);
      break;
    case "string":
      frames.byte(Plain.text);
      frames.text(value);
      break;
    case "undefined":
      frames.byte(Plain.undefined);
      break;
    case "boolean":
      frames.byte(value ? Plain.true : Plain.false);
      break;
    default:
      frames.byte(value === null ? Plain.null : Plain.message);
  }
}

/** Reads what `writePlain` wrote. */
export function readPlain(content: FrameContent): unknown {
  switch (content.byte()) {
    case Plain.number:
      return content.number();
    case Plain.text:
      return content.text();
    case Plain.undefined:
      return undefined;
    case Plain.null:
      return null;
    case Plain.true:
      return true;
    case Plain.false:
      return false;
    default:
      return byMessage;
  }
}
