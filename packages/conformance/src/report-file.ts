import { nodeModule } from "./node-modules.ts";
import { formatReport, type Report } from "./report.ts";

/** Writes a report to a file as JSON, and as a table to one beside it that ends in `.txt`. */
export function writeReport(file: string, report: Report): void {
  const { mkdirSync, writeFileSync } = nodeModule("node:fs");
  mkdirSync(nodeModule("node:path").dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(`${file.replace(/\.json$/, "")}.txt`, `${formatReport(report)}\n`);
}
