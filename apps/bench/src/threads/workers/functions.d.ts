/** A record of about 1 kB for each item. */
export interface Item {
  readonly key: number;
  readonly name: string;
  readonly values: readonly number[];
}

/** What object works send. */
export interface BenchRecord {
  readonly id: number;
  readonly items: readonly Item[];
}

/** A task that ends when its gate is opened. */
export interface Held {
  readonly id: number;
  /** Closed while its first element is 0. */
  readonly gate: Int32Array;
}

/** Gives the number after its input, so that no answer can be guessed. */
export function noop(input: number): number;
/** Computes so many steps, one after the other, of a generator of pseudo-random numbers; gives the last. */
export function burn(iterations: number): number;
/** Gives its input. */
export function echo(record: BenchRecord): BenchRecord;
/** A number that depends on all that a record holds. */
export function checksum(record: BenchRecord): number;
/** Adds one to the first and the last byte, and gives the same bytes. */
export function stamp(bytes: Uint8Array): Uint8Array;
/** The sum of the first byte, the last one and the length. */
export function weigh(bytes: Uint8Array): number;
/** Blocks its worker until the gate opens, then gives its id. */
export function hold(held: Held): number;
