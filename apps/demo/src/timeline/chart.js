// Runs in the page that page.ts writes and draws its charts. Times are hundredths of a millisecond.
const { kinds, files, places } = JSON.parse(document.getElementById("data").textContent);
const tip = document.getElementById("tip");
const gutter = 104;
const margin = 12;
const axis = 26;
const gap = 4;
const whole = { from: 0, to: Math.max(1, ...places.map(lastEnd)) };
let view = { ...whole };

const charts = [...document.querySelectorAll("canvas")].map((canvas) => {
  const { lanes } = places[Number(canvas.dataset.place)];
  let top = 0;
  const placed = lanes.map((lane) => {
    const rowHeight = lane.rows === 1 ? 20 : lane.rows < 5 ? 12 : 9;
    const box = { lane, top, rowHeight, height: rowHeight * lane.rows };
    top += box.height + gap;
    return box;
  });
  canvas.style.height = `${top + axis}px`;
  return { canvas, placed, bottom: top };
});

function lastEnd({ lanes }) {
  return lanes.reduce((latest, { ended }) => ended.reduce((a, b) => Math.max(a, b), latest), 0);
}

const scale = (canvas) => (canvas.clientWidth - gutter - margin) / (view.to - view.from);
const timeAt = (canvas, x) => view.from + (x - gutter) / scale(canvas);

function drawAll() {
  const style = getComputedStyle(document.documentElement);
  const canvasInk = Object.fromEntries(
    [
      "ground",
      "lane",
      "grid",
      "ink",
      "faint",
      "failed",
      ...kinds.map((_, kind) => `kind-${kind}`),
    ].map((name) => [name, resolved(style.getPropertyValue(`--${name}`))]),
  );
  for (const chart of charts) draw(chart, canvasInk);
}

/** A canvas takes no light-dark(): an element works it out. */
function resolved(value) {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = value;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function draw({ canvas, placed, bottom }, ink) {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = bottom + axis;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  for (const { lane, top, height: laneHeight } of placed) {
    pen.fillStyle = ink.lane;
    pen.fillRect(gutter, top, width - gutter - margin, laneHeight);
    pen.fillStyle = ink.ink;
    pen.fillText(lane.name, 0, top + laneHeight / 2, gutter - 8);
  }
  drawAxis(pen, canvas, bottom, ink);
  pen.save();
  pen.beginPath();
  pen.rect(gutter, 0, width - gutter - margin, bottom);
  pen.clip();
  for (const box of placed) drawBars(pen, canvas, box, ink);
  pen.restore();
}

function drawBars(pen, canvas, { lane, top, rowHeight }, ink) {
  const perUnit = scale(canvas);
  for (let i = 0; i < lane.file.length; i++) {
    if (lane.ended[i] < view.from || lane.started[i] > view.to) continue;
    const x = gutter + (lane.started[i] - view.from) * perUnit;
    const wide = (lane.ended[i] - lane.started[i]) * perUnit;
    const kind = lane.kind[i];
    pen.fillStyle = kind < 0 ? ink.failed : ink[`kind-${kind}`];
    // A gap where there is room for one, and never less than can be seen.
    const shown = Math.max(kind < 0 ? 2 : 0.75, wide > 3 ? wide - 1 : wide);
    pen.fillRect(x, top + lane.row[i] * rowHeight + 1, shown, rowHeight - 2);
  }
}

function drawAxis(pen, canvas, bottom, ink) {
  const perUnit = scale(canvas);
  const step = niceStep(90 / perUnit);
  const digits = step >= 100 ? 0 : step >= 10 ? 1 : 2;
  pen.textAlign = "center";
  for (let n = Math.ceil(view.from / step); n * step <= view.to; n++) {
    const x = gutter + (n * step - view.from) * perUnit;
    pen.fillStyle = ink.grid;
    pen.fillRect(x, 0, 1, bottom + 4);
    pen.fillStyle = ink.faint;
    const label = `${((n * step) / 100).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`;
    pen.fillText(label, Math.min(x, canvas.clientWidth - 30), bottom + 15);
  }
  pen.textAlign = "left";
}

const ms = (units) => `${(units / 100).toFixed(2)} ms`;

/** 1, 2 or 5 times a power of ten. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? power * 10;
}

function show(from, to) {
  const length = Math.min(Math.max(to - from, 20), whole.to);
  const start = Math.min(Math.max(0, from), whole.to - length);
  view = { from: start, to: start + length };
  drawAll();
}

/** Makes the view `factor` times as long around a time. */
function zoom(factor, around = (view.from + view.to) / 2) {
  show(around - (around - view.from) * factor, around + (view.to - around) * factor);
}

function move(part) {
  const by = (view.to - view.from) * part;
  show(view.from + by, view.to + by);
}

function find({ placed, canvas }, x, y) {
  const slack = 2 / scale(canvas);
  const time = timeAt(canvas, x);
  const box = placed.find(({ top, height }) => y >= top && y < top + height);
  if (!box || x < gutter) return undefined;
  const { lane } = box;
  const row = Math.floor((y - box.top) / box.rowHeight);
  let best;
  let distance = slack;
  for (let i = 0; i < lane.file.length; i++) {
    if (lane.row[i] !== row) continue;
    const away = Math.max(lane.started[i] - time, time - lane.ended[i], 0);
    if (away <= distance) [best, distance] = [i, away];
  }
  return best === undefined ? undefined : { lane, i: best };
}

function point(chart, event) {
  const found = find(chart, event.offsetX, event.offsetY);
  tip.hidden = !found;
  if (!found) return;
  const { lane, i } = found;
  tip.textContent = [
    files[lane.file[i]],
    `${lane.name}${lane.kind[i] < 0 ? ", failed" : ""}`,
    `started at ${ms(lane.started[i])}, took ${ms(lane.ended[i] - lane.started[i])}`,
    `waited ${ms(lane.started[i] - lane.queued[i])} before`,
  ].join("\n");
  const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(0, left)}px`;
  const below = event.clientY + 16;
  const fits = below + tip.offsetHeight < innerHeight;
  tip.style.top = `${fits ? below : event.clientY - tip.offsetHeight - 10}px`;
}

for (const chart of charts) {
  const { canvas } = chart;
  let dragged;
  canvas.addEventListener("pointerdown", (event) => {
    dragged = timeAt(canvas, event.offsetX);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (dragged === undefined) {
      point(chart, event);
      return;
    }
    tip.hidden = true;
    drawAll();
    const pen = canvas.getContext("2d");
    const from = gutter + (dragged - view.from) * scale(canvas);
    pen.fillStyle = "#8888";
    pen.fillRect(from, 0, event.offsetX - from, chart.bottom);
  });
  canvas.addEventListener("pointerup", (event) => {
    const to = timeAt(canvas, event.offsetX);
    const from = dragged ?? to;
    dragged = undefined;
    if (Math.abs(to - from) * scale(canvas) < 4) drawAll();
    else show(Math.min(from, to), Math.max(from, to));
  });
  canvas.addEventListener("pointerleave", () => (tip.hidden = true));
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.shiftKey) return;
      event.preventDefault();
      const delta = event.deltaY || event.deltaX;
      if (event.ctrlKey) zoom(delta > 0 ? 1.25 : 0.8, timeAt(canvas, event.offsetX));
      else move(delta > 0 ? 0.1 : -0.1);
    },
    { passive: false },
  );
  const keys = { "+": () => zoom(0.5), "-": () => zoom(2), 0: () => show(0, whole.to) };
  Object.assign(keys, { ArrowLeft: () => move(-0.1), ArrowRight: () => move(0.1) });
  canvas.addEventListener("keydown", ({ key }) => keys[key]?.());
}
const buttons = { in: () => zoom(0.5), out: () => zoom(2), all: () => show(0, whole.to) };
for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => buttons[button.dataset.zoom]());
}
addEventListener("resize", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
drawAll();
