import { Deserializer, Serializer } from "node:v8";

/**
 * Writes a value for another process, as structured clone would copy it. Not `v8.serialize`, which gives views of
 * memory that they share with others, and takes shared memory for something that can be copied.
 * *Errors*: a `DataCloneError` of some sort, for what cannot be written.
 */
export function serialize(value: unknown): Buffer {
  const serializer = new Serializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

/** Reads what `serialize` wrote. */
export function deserialize(bytes: Uint8Array): unknown {
  const deserializer = new Deserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
}

/** Whether a value can be written for another process. *Cost*: that of writing it. */
export function travels(value: unknown): boolean {
  try {
    serialize(value);
    return true;
  } catch {
    return false;
  }
}
