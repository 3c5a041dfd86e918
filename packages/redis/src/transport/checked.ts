type Answers = [error: Error | null, answer: unknown][] | null;

/** Waits for a transaction of ioredis, which resolves with the errors of its commands instead of rejecting. */
export async function checked(answers: Promise<Answers>): Promise<unknown[]> {
  return ((await answers.catch(why)) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}

/** Of a transaction that was never begun Redis says just that; why not stands in the errors before. */
function why(error: Error & { readonly previousErrors?: readonly Error[] }): never {
  throw error.previousErrors?.[0] ?? error;
}
