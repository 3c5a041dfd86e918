/** Waits so many milliseconds at most. *Errors*: `message`, where that was not enough. */
export async function within<Value>(
  time: number,
  message: string,
  promise: Promise<Value>,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(message)), time);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Something took too long. */
export class LateError extends Error {}
