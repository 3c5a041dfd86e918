/** What every browser has; neither `process` nor `require` nor anything else of Node's. */
export const webGlobals = [
  "AbortController",
  "AbortSignal",
  "clearTimeout",
  "CustomEvent",
  "DOMException",
  "Event",
  "EventTarget",
  "performance",
  "queueMicrotask",
  "setTimeout",
  "TextDecoder",
] as const;
