import type { Executor, Traits } from "@quintet/core";
import { systemClock } from "@quintet/core/kit";
import { shown } from "./assertions.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import type { Harness } from "./harness.ts";
import { type CaseReport, type Report, totalsOf } from "./report.ts";
import { writeReport } from "./report-file.ts";
import { SharedExecutors } from "./shared-executors.ts";
import { Stage } from "./stage.ts";

/** Runs cases against one executor, one after the other, and takes down how they end. */
export class Suite {
  /** Longest running time of a case in milliseconds. */
  readonly limit: number;
  readonly #harness: Harness;
  readonly #shared: SharedExecutors | undefined;
  readonly #reports: CaseReport[] = [];
  #traits: Promise<Traits> | undefined;
  #knownTraits: Traits | undefined;

  /** `ends`: somebody will call `end()`, so executors can be kept between cases. */
  constructor(harness: Harness, ends: boolean) {
    this.#harness = harness;
    this.#shared = ends ? new SharedExecutors(harness) : undefined;
    this.limit = 3 * (harness.patience ?? 10_000);
  }

  /** Rejects with what a case fails with. A case that the traits refuse passes. */
  async run({ id, title, needs = [], run }: ConformanceCase): Promise<void> {
    const start = systemClock.now();
    const report = (status: CaseReport["status"], more: Partial<CaseReport> = {}): void => {
      const duration = Math.round(systemClock.now() - start);
      this.#reports.push({ id, title, status, ...more, duration });
    };
    try {
      this.#traits ??= this.#probe();
      const traits = await this.#traits;
      const unmet = needs.find((need) => !need.met(traits));
      if (unmet) return report("refused", { trait: `${unmet.trait}: ${traits[unmet.trait]}` });
      await this.#perform(new Stage(this.#harness, traits, this.#shared), run);
    } catch (error) {
      report("failed", { error: shown(error) });
      await this.#discard();
      throw error;
    }
    report("passed");
  }

  report(): Report {
    const cases = [...this.#reports];
    const totals = totalsOf(cases);
    return { executor: this.#harness.name, traits: this.#knownTraits, totals, cases };
  }

  /** Closes what was kept, and hands over the report. */
  async end(): Promise<void> {
    await this.#discard();
    const { report } = this.#harness;
    if (typeof report === "string") writeReport(report, this.report());
    else report?.(this.report());
  }

  async #perform(stage: Stage, run: ConformanceCase["run"]): Promise<void> {
    const inTime = Promise.withResolvers<never>();
    const timer = systemClock.after(this.limit, () =>
      inTime.reject(new Error(`The case has not ended within ${this.limit} ms.`)),
    );
    const whole = async (): Promise<void> => {
      await run(stage);
      await stage.settle();
    };
    try {
      await Promise.race([whole(), inTime.promise]);
    } catch (error) {
      await stage.clear().catch(() => {}); // the case's own error is the one to report
      throw error;
    } finally {
      timer.cancel();
    }
    await stage.clear();
  }

  async #probe(): Promise<Traits> {
    const executor: Executor = await this.#harness.create({});
    this.#knownTraits = executor.traits;
    await executor.close();
    return executor.traits;
  }

  /** After a failure nobody knows what state they are in. */
  async #discard(): Promise<void> {
    const deadline = (this.#harness.patience ?? 10_000) / 2;
    const dropped = (await this.#shared?.drop()) ?? [];
    await Promise.allSettled(dropped.map((one) => one.close({ cancel: true, deadline })));
  }
}
