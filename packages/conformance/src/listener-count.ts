/** Counts the listeners of a signal, in any runtime, from the moment it is made. */
export class ListenerCount {
  /** How many there are. */
  current = 0;
  /** How many there were at most. */
  highest = 0;

  constructor(signal: AbortSignal) {
    const listeners = new Set<unknown>();
    const note = (): void => {
      this.current = listeners.size;
      this.highest = Math.max(this.highest, this.current);
    };
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...call: Parameters<typeof add>): void => {
      listeners.add(call[1]);
      note();
      add(...call);
    };
    signal.removeEventListener = (...call: Parameters<typeof remove>): void => {
      listeners.delete(call[1]);
      note();
      remove(...call);
    };
  }
}
