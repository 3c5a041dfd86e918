import { styleText } from "node:util";

/** Says things, and remembers whether any was bad. */
export interface Voice {
  readonly print: (text: string) => void;
  /** Says what went wrong. */
  readonly complain: (text: string) => void;
  /** 1 once something went wrong. */
  readonly exitCode: number;
}

/** A voice that writes lines; complaints are red where colours are shown. */
export function voiceOn(output: NodeJS.WriteStream): Voice {
  const print = (text: string): void => void output.write(`${text}\n`);
  let exitCode = 0;
  return {
    print,
    complain: (text) => {
      exitCode = 1;
      print(styleText("red", text, { stream: output }));
    },
    get exitCode() {
      return exitCode;
    },
  };
}
