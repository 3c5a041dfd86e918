/** The context of OpenTelemetry travels with tasks, with its real API and SDK. */
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { eventLoop } from "@quintet/async";
import { defineTasks } from "@quintet/core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { serve, type TaskWorker } from "../src/index.ts";
import { activeTrace } from "../src/trace-context.ts";
import { Fleet, outcome } from "./fleet.ts";
import { type RedisServer, testRedis } from "./redis-server.ts";

const traced = defineTasks("traced", import.meta.url, {
  /** What the task sees of its caller. */
  look: (n: number) => (n < 0 ? undefined : trace.getActiveSpan()?.spanContext().traceId),
  fail: (message: string): void => {
    throw new RangeError(message);
  },
  async *items(count: number) {
    for (let n = 0; n < count; n++) yield trace.getActiveSpan()?.spanContext().traceId;
  },
});

const spans = new InMemorySpanExporter();
let server: Pick<RedisServer, "url" | "stop">;
let fleet: Fleet;
let worker: TaskWorker;

beforeAll(async () => {
  server = await testRedis();
});
afterAll(() => server.stop());

beforeEach(async () => {
  fleet = new Fleet();
  const { queue } = fleet;
  const on = eventLoop();
  worker = serve({ queue, tasks: traced, on, concurrency: 4, connection: server.url });
  await worker.ready();
});
afterEach(async () => {
  await fleet.clear();
  await worker.close();
  spans.reset();
  for (const api of [trace, context, propagation]) api.disable();
});

function setUp(): void {
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
}

/** Does something as a caller in a span; gives its ids. */
async function inSpan<T>(
  name: string,
  work: () => Promise<T>,
): Promise<{ value: T; id: string; traceId: string }> {
  return trace.getTracer("test").startActiveSpan(name, async (span) => {
    const { spanId: id, traceId } = span.spanContext();
    try {
      return { value: await work(), id, traceId };
    } finally {
      span.end();
    }
  });
}

const ofTask = (name: string): ReadableSpan[] =>
  spans.getFinishedSpans().filter((span) => span.name === name);

it("runs a task in a span that is a child of the caller's", async () => {
  setUp();
  const client = fleet.client(server.url);
  const { value, id, traceId } = await inSpan("caller", () => client.run(traced.look, 1));
  expect(value).toBe(traceId);
  const [span] = ofTask("traced.look");
  expect(span?.parentSpanContext).toMatchObject({ spanId: id, traceId, isRemote: true });
  expect(span?.kind).toBe(SpanKind.CONSUMER);
  expect(span?.attributes).toMatchObject({ "messaging.destination.name": fleet.queue });
});

it("gives each task its own caller, also where tasks share a job", async () => {
  setUp();
  const client = fleet.client(server.url);
  const inputs = Array.from({ length: 60 }, (_, n) => n);
  await client.map(traced.look, inputs).toArray(); // now it is known that they are small
  spans.reset();
  const map = inSpan("map", () => client.map(traced.look, inputs, { concurrency: 20 }).toArray());
  const runs = inputs.map((n) => inSpan(`run ${n}`, () => client.run(traced.look, n)));
  const { value, id, traceId } = await map;
  const ended = await Promise.all(runs);
  expect(value).toEqual(inputs.map(() => traceId));
  expect(ended.map(({ value: seen }) => seen)).toEqual(ended.map((run) => run.traceId));
  const parents = ofTask("traced.look").map(({ parentSpanContext }) => parentSpanContext?.spanId);
  expect(parents.filter((parent) => parent === id)).toHaveLength(inputs.length);
  expect(new Set(parents)).toEqual(new Set([id, ...ended.map((run) => run.id)]));
  // Far fewer jobs than tasks.
  expect(worker.jobs).toBeLessThan(2 * inputs.length);
});

it("reaches streams, and tasks that nobody waits for", async () => {
  setUp();
  const client = fleet.client(server.url);
  const stream = await inSpan("stream", async () => {
    const seen: unknown[] = [];
    for await (const item of client.stream(traced.items, 3)) seen.push(item);
    return seen;
  });
  expect(stream.value).toEqual([stream.traceId, stream.traceId, stream.traceId]);
  const sent = await inSpan("send", () => client.send(traced.look, 1, { id: "it" }));
  expect(await client.job("it").result()).toBe(sent.traceId);
});

it("says in the span that a task failed", async () => {
  setUp();
  const client = fleet.client(server.url);
  await inSpan("caller", () => outcome(client.run(traced.fail, "no")));
  const [span] = ofTask("traced.fail");
  expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: "no" });
});

it("sends nothing where nobody has set it up, or there is no span", async () => {
  expect(activeTrace()).toBeUndefined();
  const client = fleet.client(server.url);
  expect(await client.run(traced.look, 1)).toBeUndefined();
  setUp();
  expect(activeTrace()).toBeUndefined();
});
