/** Messages that go through one channel. */
export interface Transfer {
  readonly work: "transfer";
  readonly capacity: number;
  readonly senders: number;
  readonly receivers: number;
  readonly messages: number;
}

/** Messages that come through several channels without a buffer, and are received by one select. */
export interface Selecting {
  readonly work: "select";
  /** The number of channels, with a sender each. */
  readonly arms: number;
  readonly messages: number;
}

/** What a subject does once. Every sender sends its share of the numbers from 0 up, one at a time. */
export type ChannelJob = Transfer | Selecting;

/** What the receivers have to get: all numbers, each once. */
export const sumOf = ({ messages }: ChannelJob): number => (messages * (messages - 1)) / 2;

/** The numbers that one of several senders sends. */
export function share(messages: number, among: number, index: number): [from: number, to: number] {
  const size = messages / among;
  return [index * size, (index + 1) * size];
}

/** Starts so many that work side by side, and gives what each of them gave. */
export const sideBySide = <T>(count: number, start: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => start(index)));

/** The sum of all of them. */
export const total = (sums: readonly number[]): number => sums.reduce((sum, one) => sum + one, 0);
