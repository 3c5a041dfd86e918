/** One callback's place at a promise; leaving twice does nothing. */
export interface SettlementRegistration {
  leave(): void;
}

type Callback = (isRejected: boolean) => void;

const hubs = new WeakMap<PromiseLike<unknown>, Set<Callback>>();

/**
 * Calls back once when a promise has settled. A promise gets one reaction however many wait for it and leave again:
 * reactions cannot be taken away, so `Promise.race` against one that lives long keeps every result it ever had.
 *
 * A rejection counts as handled.
 */
export function onSettled(
  promise: PromiseLike<unknown>,
  callback: Callback,
): SettlementRegistration {
  const callbacks = hubs.get(promise) ?? listen(promise);
  const own: Callback = (isRejected) => callback(isRejected); // the same function may come twice
  callbacks.add(own);
  return { leave: () => void callbacks.delete(own) };
}

function listen(promise: PromiseLike<unknown>): Set<Callback> {
  const callbacks = new Set<Callback>();
  hubs.set(promise, callbacks);
  const fire = (isRejected: boolean): void => {
    hubs.delete(promise);
    for (const callback of callbacks) callback(isRejected);
    callbacks.clear();
  };
  // Resolved, because a thenable may call back at once, before anybody has joined, or throw.
  Promise.resolve(promise).then(
    () => fire(false),
    () => fire(true),
  );
  return callbacks;
}
