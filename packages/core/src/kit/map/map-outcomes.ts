import { MapReaders } from "./map-readers.ts";
import { OutcomeBuffer } from "./outcome-buffer.ts";

/** Outcomes of a map on their way to who reads them. */
export class MapOutcomes {
  readonly readers: MapReaders = new MapReaders();
  buffer: OutcomeBuffer = new OutcomeBuffer(true);
  /** How many were read. */
  consumed = 0;

  put(index: number, value: unknown): void {
    if (!this.readers.waiting || !this.buffer.pass(index)) {
      this.buffer.put(index, value);
      return;
    }
    this.readers.hand(value);
    this.consumed++;
  }

  /** Takes those from this index on. */
  putAll(first: number, values: readonly unknown[]): void {
    if (this.readers.collecting && this.buffer.pass(first, values.length))
      this.consumed += this.readers.handAll(values);
    else this.buffer.putAll(first, values);
  }

  /** Hands over what can be read, as far as somebody waits for it; false when there is nothing. */
  hand(): boolean {
    const { readers, buffer } = this;
    if (!buffer.hasNext) return false;
    if (readers.collecting) this.consumed += readers.handAll(buffer.takeAll());
    for (; buffer.hasNext && readers.waiting; this.consumed++) readers.hand(buffer.take());
    return true;
  }
}
