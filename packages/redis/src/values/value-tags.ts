/** What the keys of tagged values are: `$date` and so on. */
export function isTag(key: string): boolean {
  return key.charCodeAt(0) === 36; // "$"
}

const views = {
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

/** The name that binary data travels under; nothing for what is none, or is shared memory. */
export function viewName(value: object): string | undefined {
  if (value instanceof ArrayBuffer) return "ArrayBuffer";
  if (!ArrayBuffer.isView(value) || value.buffer instanceof SharedArrayBuffer) return undefined;
  // A Buffer arrives as the Uint8Array that it is.
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return Object.hasOwn(views, name) ? name : undefined;
}

/** The bytes under a view or in a buffer, without a copy. */
export function bytesOf(value: object): Buffer {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  const { buffer, byteOffset, byteLength } = value as Uint8Array;
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Makes binary data again. *Errors*: a `TypeError` for a name that is none, or a length that does not fit. */
export function viewOf(name: unknown, text: unknown): ArrayBuffer | ArrayBufferView {
  if (typeof text !== "string") throw new TypeError("bytes that are no text");
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  if (name === "ArrayBuffer") return bytes.buffer;
  if (typeof name !== "string" || !Object.hasOwn(views, name)) {
    throw new TypeError(`bytes of no known kind`);
  }
  const View: new (buffer: ArrayBuffer) => ArrayBufferView = views[name as keyof typeof views];
  return new View(bytes.buffer);
}
