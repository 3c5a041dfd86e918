const locale = "en";
const decimals = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const whole = decimals(0);
const one = decimals(1);
const two = decimals(2);

/** `12,345` */
export const count = (value: number): string => whole.format(value);

/** `1 line`, `12,345 lines`, from the word for one. */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** `1 file`, `12,345 files` */
export const files = (value: number): string => counted(value, "file");

/** `1.53 s`, from milliseconds. */
export const seconds = (time: number): string => `${two.format(time / 1_000)} s`;

/** `1.82×` */
export const times = (factor: number): string => `${two.format(factor)}×`;

/** `15.9 MB` */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${count(bytes)} B`;
  if (bytes < 1e6) return `${one.format(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${one.format(bytes / 1e6)} MB` : `${one.format(bytes / 1e9)} GB`;
}

/** `1,307 files/s`, from a number of files and milliseconds. */
export const rate = (done: number, time: number): string =>
  `${count(time > 0 ? (done / time) * 1_000 : 0)} files/s`;
