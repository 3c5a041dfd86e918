import { inline } from "@quintet/core";
import { threads } from "@quintet/threads";

async function main(): Promise<void> {
  const pool = threads({ size: 1 });
  const next = inline((n: number) => n + 1);
  process.stdout.write(`${await pool.run(next, 1)}\n`);
  await pool.close();
}

void main();
