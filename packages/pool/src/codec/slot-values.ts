/** What the value of a slot is, and where. */
export const ValueKind = {
  /** It does not fit, and comes by message. */
  message: 0,
  undefined: 1,
  null: 2,
  false: 3,
  true: 4,
  number: 5,
  /** A string; its length is added. */
  text: 16,
} as const;

/** UTF-16 code units that fit in a slot. */
export const longestText = 64;

/** The plain values of slots in shared memory: a value, and a number beside it. */
export class SlotValues {
  /** How much memory so many slots take. */
  static bytes(slots: number): number {
    return (
      slots * (2 * Float64Array.BYTES_PER_ELEMENT + longestText * Uint16Array.BYTES_PER_ELEMENT)
    );
  }

  readonly #values: Float64Array;
  readonly #numbers: Float64Array;
  readonly #text: Uint16Array;

  constructor(buffer: SharedArrayBuffer, offset: number, slots: number) {
    this.#values = new Float64Array(buffer, offset, slots);
    this.#numbers = new Float64Array(buffer, offset + this.#values.byteLength, slots);
    const text = offset + 2 * this.#values.byteLength;
    this.#text = new Uint16Array(buffer, text, slots * longestText);
  }

  /** Writes a value; gives its kind, which is `message` for one that does not fit. */
  write(slot: number, value: unknown): number {
    switch (typeof value) {
      case "number":
        this.#values[slot] = value;
        return ValueKind.number;
      case "string":
        return this.#writeText(slot, value);
      case "undefined":
        return ValueKind.undefined;
      case "boolean":
        return value ? ValueKind.true : ValueKind.false;
      default:
        return value === null ? ValueKind.null : ValueKind.message;
    }
  }

  /** Reads a value of this kind. */
  read(slot: number, kind: number): unknown {
    switch (kind) {
      case ValueKind.number:
        return this.#values[slot];
      case ValueKind.undefined:
        return undefined;
      case ValueKind.null:
        return null;
      case ValueKind.true:
        return true;
      case ValueKind.false:
        return false;
      default: {
        const start = slot * longestText;
        const units = this.#text.subarray(start, start + kind - ValueKind.text);
        return String.fromCharCode(...units);
      }
    }
  }

  writeNumber(slot: number, value: number): void {
    this.#numbers[slot] = value;
  }

  readNumber(slot: number): number {
    return this.#numbers[slot] as number;
  }

  #writeText(slot: number, value: string): number {
    const { length } = value;
    if (length > longestText) return ValueKind.message;
    const start = slot * longestText;
    for (let index = 0; index < length; index++)
      this.#text[start + index] = value.charCodeAt(index);
    return ValueKind.text + length;
  }
}
