import { expect, it } from "vitest";
import { exposition } from "./exposition.ts";

it("writes a metric as help, type and a line for each value, and ends the last line", () => {
  const samples = [
    { labels: {}, value: 1.5 },
    { labels: { state: "odd", of: "it" }, value: Infinity },
  ];
  expect(exposition([{ name: "tasks", help: "Tasks.", type: "gauge", samples }])).toBe(
    '# HELP tasks Tasks.\n# TYPE tasks gauge\ntasks 1.5\ntasks{state="odd",of="it"} +Inf\n',
  );
});

it("escapes what a label or a help may hold", () => {
  const samples = [{ labels: { name: 'a "b"\\\nc' }, value: NaN }];
  expect(exposition([{ name: "m", help: "one\\\ntwo", type: "gauge", samples }])).toBe(
    '# HELP m one\\\\\\ntwo\n# TYPE m gauge\nm{name="a \\"b\\"\\\\\\nc"} NaN\n',
  );
});

it("leaves out what has no values", () => {
  expect(exposition([{ name: "m", help: "", type: "counter", samples: [] }])).toBe("");
});
