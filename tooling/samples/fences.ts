/** A fenced block of code, as it stands in Markdown. */
export interface Fence {
  /** The first word of its info string. */
  readonly language: string;
  /** What follows that word. */
  readonly meta: string;
  /** Where its code begins: a line of the text, from 1. */
  readonly line: number;
  readonly code: string;
}

interface OpenFence extends Omit<Fence, "code"> {
  readonly indent: number;
  readonly mark: string;
  readonly lines: string[];
}

const opening = /^( *)(`{3,}|~{3,}) *([^\s`]*) *([^`]*)$/;

/** Every fenced block, without the indent it has inside a list or a component. */
export function fencesIn(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open: OpenFence | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    if (!open) open = openedBy(text, index + 1);
    else if (closes(text.trim(), open.mark)) {
      fences.push(closed(open));
      open = undefined;
    } else {
      open.lines.push(text.slice(Math.min(open.indent, text.search(/\S|$/))));
    }
  }
  if (open) fences.push(closed(open)); // as Markdown has it, it ends with the text
  return fences;
}

function openedBy(text: string, number: number): OpenFence | undefined {
  const [, indent = "", mark = "", language = "", meta = ""] = opening.exec(text) ?? [];
  if (mark === "") return undefined;
  return { indent: indent.length, mark, language, meta: meta.trim(), line: number + 1, lines: [] };
}

function closed({ language, meta, line, lines }: OpenFence): Fence {
  return { language, meta, line, code: lines.join("\n") };
}

/** A fence ends with at least as many of its own marks, so that it can hold a shorter one. */
function closes(text: string, mark: string): boolean {
  return text.startsWith(mark) && text === mark.charAt(0).repeat(text.length);
}
