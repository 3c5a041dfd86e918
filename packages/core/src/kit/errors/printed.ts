const longest = 200;

/** A value as text for a message: an error's own message, else the value as a string. Never throws. */
export function printed(value: unknown): string {
  try {
    const text = value instanceof Error ? value.message : String(value);
    return text.length > longest ? `${text.slice(0, longest)}…` : text;
  } catch {
    return typeof value; // no prototype, or one that throws
  }
}
