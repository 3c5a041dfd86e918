import { isMoved } from "../../moved.ts";
import { isPrimitive } from "../is-primitive.ts";
import { notCloneable, type Travels } from "../values/not-cloneable.ts";

/**
 * Makes of a value what somebody gets who receives it here, where values are cloned: a copy, with what was marked with
 * `move` moved. *Errors*: `NOT_CLONEABLE`.
 */
export function copier(travels: Travels | undefined): (sent: unknown) => unknown {
  return (sent) => {
    const { value, transfer } = isMoved(sent) ? sent : { value: sent, transfer: [] };
    if (isPrimitive(value)) return value;
    try {
      if (travels && !travels(value)) throw new TypeError("It cannot be sent.");
      return structuredClone(value, { transfer: transfer as ArrayBuffer[] });
    } catch (cause) {
      throw notCloneable("A value for a channel", "value", value, cause, travels);
    }
  };
}
