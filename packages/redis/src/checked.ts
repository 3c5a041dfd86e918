/** Waits for a transaction of ioredis, which resolves with the errors of its commands instead of rejecting. */
export async function checked(
  answers: Promise<[error: Error | null, answer: unknown][] | null>,
): Promise<unknown[]> {
  return ((await answers) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}
