import { createRequire } from "node:module";
import type * as Telemetry from "@opentelemetry/api";

/** The context of a caller, as its propagator writes it: `traceparent`, `tracestate` and the like. */
export type WireTrace = Readonly<Record<string, string>>;

/** Where the API keeps what was set up, one for all copies of it. */
const registry = Symbol.for("opentelemetry.js.api.1");

let loaded: typeof Telemetry | undefined | "absent";

/** The API, once somebody in this process has set telemetry up; before that nothing is loaded, and nothing costs. */
function telemetry(): typeof Telemetry | undefined {
  if (!(registry in globalThis)) return undefined;
  try {
    loaded ??= createRequire(import.meta.url)("@opentelemetry/api") as typeof Telemetry;
  } catch {
    loaded = "absent"; // it is an optional peer, and set up by a copy that we do not see
  }
  return loaded === "absent" ? undefined : loaded;
}

/** Whether there is a context to take along. */
export function isTelemetrySetUp(): boolean {
  return telemetry() !== undefined;
}

/** The context of now; nothing where there is none. */
export function activeTrace(): WireTrace | undefined {
  const api = telemetry();
  if (!api) return undefined;
  const carrier: Record<string, string> = {};
  api.propagation.inject(api.context.active(), carrier);
  return Object.keys(carrier).length > 0 ? carrier : undefined;
}

/** Runs a task in a span of its own, which is a child of the caller's. `queue` is where it came from. */
export function inTrace<T>(
  trace: WireTrace | undefined,
  task: string,
  queue: string,
  call: () => Promise<T>,
): Promise<T> {
  const api = telemetry();
  if (!api) return call();
  const parent = api.propagation.extract(api.ROOT_CONTEXT, trace ?? {});
  const attributes = { "messaging.system": "quintet", "messaging.destination.name": queue };
  const options = { kind: api.SpanKind.CONSUMER, attributes };
  const tracer = api.trace.getTracer("@quintet/redis");
  return tracer.startActiveSpan(task, options, parent, async (span) => {
    try {
      return await call();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      span.setStatus({ code: api.SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}
