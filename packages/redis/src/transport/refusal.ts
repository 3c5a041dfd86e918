/** Whether Redis, or what is there in its place, will not let us in: trying again changes nothing. */
export function isRefusal(error: unknown): boolean {
  const { message = "", code = "" } = (error ?? {}) as { message?: unknown; code?: unknown };
  return (
    /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/.test(String(message)) ||
    // In a script it says no more than this.
    /^ERR The user executing the script can't (run|access)/.test(String(message)) ||
    // No certificate that we trust, or no TLS at all.
    /^(ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(String(code))
  );
}

/** Takes the password out of an error: ioredis keeps in it the command that failed, with all it was given. */
export function withoutSecrets(error: Error): Error {
  const { command } = error as { command?: { name?: string; args?: unknown } };
  if (command && /^(auth|hello)$/i.test(command.name ?? "")) command.args = [];
  return error;
}
