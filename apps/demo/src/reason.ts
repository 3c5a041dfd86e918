/** Why something failed, in a few words; for a system error without the call and the path. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("syscall" in error)) return error.message;
  return error.message.replace(/^(\w+): (.*?), .*$/s, "$2 ($1)");
}
