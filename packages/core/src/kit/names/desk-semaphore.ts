import { InvalidOptionError } from "../../errors.ts";
import type { Inspection } from "../../inspection.ts";
import type { NamedPermit, NamedSemaphore } from "../../named-semaphore.ts";
import type { AcquireOptions } from "../../semaphore.ts";
import { validateOptions, wholeNumber } from "../options/validate.ts";
import { acquireRules } from "../permits/acquire-options.ts";
import { useAwaited } from "../permits/held-permit.ts";
import { asking } from "./asking.ts";
import { checkedName } from "./checked-name.ts";
import { DeskPermit } from "./desk-permit.ts";
import type { Grant, NameDesk } from "./name-desk.ts";

/** A semaphore of a desk, by its name. */
export class DeskSemaphore implements NamedSemaphore {
  readonly name: string;
  readonly #desk: NameDesk;
  readonly #permits: number | undefined;

  constructor(desk: NameDesk, name: string, permits: number | undefined) {
    this.#desk = desk;
    this.name = name;
    this.#permits = permits;
  }

  acquire(options?: AcquireOptions): Promise<NamedPermit> {
    // It has waited, so there is one.
    return this.#acquire(options, true) as Promise<NamedPermit>;
  }

  tryAcquire(weight: number = 1): Promise<NamedPermit | undefined> {
    return this.#acquire({ weight }, false);
  }

  use<T>(call: (permit: NamedPermit) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T> {
    return useAwaited(this.acquire(options), call, options?.signal);
  }

  async inspect(): Promise<Inspection> {
    this.#check();
    const { name } = this;
    const permits = this.#permits;
    if (permits !== undefined) await asking(this.#desk, { ask: "permits", name, permits });
    return asking<Inspection>(this.#desk, { ask: "inspect", name, kind: "semaphore" });
  }

  // No async function, whose promise would be another one.
  #acquire(options: AcquireOptions | undefined, waits: boolean): Promise<NamedPermit | undefined> {
    try {
      const title = this.#check();
      const checked = validateOptions<AcquireOptions>(title, options, acquireRules);
      const { weight = 1, priority = 0, timeout, signal } = checked;
      const { name } = this;
      const permits = this.#permits;
      const loss = new AbortController();
      return asking<NamedPermit | undefined>(
        this.#desk,
        { ask: "acquire", name, permits, weight, priority, timeout, waits },
        {
          signal,
          read: (answer) => {
            const grant = answer as Grant | undefined;
            return grant && new DeskPermit(this.#desk, grant, weight, loss);
          },
          onLost: (reason) => loss.abort(reason),
        },
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Its title in messages. *Errors*: what it was made with is no name, or no number. */
  #check(): string {
    const title = checkedName("semaphore", this.name);
    const problem = this.#permits !== undefined && wholeNumber(1)(this.#permits, "permits");
    if (problem) throw new InvalidOptionError(`${title}: ${problem}.`);
    return title;
  }
}
