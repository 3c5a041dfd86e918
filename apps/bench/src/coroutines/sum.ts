/** Awaits them all. */
export const sum = async (results: readonly Promise<number>[]): Promise<number> =>
  (await Promise.all(results)).reduce((total, result) => total + result, 0);
