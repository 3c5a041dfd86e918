// What every worker runs, whoever started it. Plain JavaScript, as all that workers load here: a worker that
// first has to strip types would say nothing about the start and the size of a pool.

export const noop = (input) => input + 1;

export function burn(iterations) {
  let state = 1;
  for (let index = 0; index < iterations; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  }
  return state;
}

export const echo = (record) => record;

export function checksum({ id, items }) {
  let sum = id;
  for (const { key, name, values } of items) {
    sum = (Math.imul(sum, 31) + key + name.length + name.charCodeAt(name.length - 1)) | 0;
    for (const value of values) sum = (Math.imul(sum, 31) + value) | 0;
  }
  return sum;
}

export function stamp(bytes) {
  bytes[0] += 1;
  bytes[bytes.length - 1] += 1;
  return bytes;
}

export const weigh = (bytes) => bytes[0] + bytes[bytes.length - 1] + bytes.length;

export function hold({ id, gate }) {
  Atomics.wait(gate, 0, 0);
  return id;
}
