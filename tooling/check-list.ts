import { reportCounts } from "./results.ts";

/** Counts named checks, and prints what a failed one has to say. */
export class CheckList {
  #passed = 0;
  #failed = 0;

  /** Takes down one check; `trouble` is what is wrong, and empty when nothing is. */
  add(name: string, trouble: string): void {
    if (trouble === "") this.#passed += 1;
    else this.#failed += 1;
    console.log(trouble === "" ? `✓ ${name}` : `✗ ${name}\n${trouble.trim()}\n`);
  }

  /** Reports the counts and sets the exit code. */
  close(): void {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    reportCounts(this.#passed, this.#failed);
  }
}
