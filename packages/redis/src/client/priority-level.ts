/**
 * A priority, any number with higher ones first, as BullMQ has them: from 1 to 2^21 - 1, lower ones first.
 * Whole numbers up to 4,096 stay apart, others keep 12 binary digits: 8,192 and 8,193 come first come, first served.
 */
export function priorityLevel(priority: number): number {
  if (priority === 0) return middle;
  float[0] = Math.abs(priority);
  const level = (bits[0] as number) >>> 11;
  return middle - Math.sign(priority) * level;
}

const middle = 2 ** 20;
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
