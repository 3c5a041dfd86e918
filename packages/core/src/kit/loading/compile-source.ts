import type { TaskCall } from "./load-task.ts";

/**
 * Makes a function of its source text; the text came from the caller's own `inline()`.
 *
 * *Errors*: what the engine says of the text, or a `TypeError` when it is no function's.
 */
export function compileSource(source: string): TaskCall {
  const call = evaluate(source);
  if (typeof call !== "function") throw new TypeError("this is not the source of a function");
  return call as TaskCall;
}

// A method's text, `double(n) { … }`, is no expression of its own but is one inside an object.
function evaluate(source: string): unknown {
  try {
    return new Function(`return (${source}\n);`)();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new Function(`return Object.values({${source}\n})[0];`)();
  }
}
