const formats = [0, 1, 2, 3].map(
  (digits) =>
    new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** `12,345` */
export const count = (value: number): string => formats[0]?.format(value) ?? "";

/** Three digits that tell something, and no more behind the point: `12,345`, `12.3`, `1.23`, `0.123`. */
export function figure(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return formats[digits]?.format(value) ?? "";
}

/** `12.3 µs`, `1.95×`, `4.2 %` */
export const measured = (value: number, symbol: string): string =>
  `${figure(value)}${symbol === "×" ? "" : " "}${symbol}`;

/** `1.95×`, `0.04×` */
export const times = (value: number): string =>
  `${value >= 100 ? count(value) : formats[2]?.format(value)}×`;
