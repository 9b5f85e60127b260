/**
 * Finds promises that nobody awaits, by types: each call that stands as a statement is wrapped into a
 * function whose parameter cannot be a promise, and the type checker says which calls do not fit.
 *
 * @module
 */

/** A statement's range in a text: lines count from 1, columns from 0, the end is exclusive. */
export interface Span {
  readonly start: { readonly line: number; readonly col: number };
  readonly end: { readonly line: number; readonly col: number };
}

/** Code with wrapped statements. */
export interface WrappedCode {
  readonly code: string;
  /** The statement whose wrapped value stands at a place, lines and columns counted from 1. */
  statementAt(line: number, column: number): Span | undefined;
}

const open = "__settled(", close = ")";
const helper = "\nfunction __settled<T>(_: T extends PromiseLike<unknown> ? never : T): void {}\n";

/** Wraps statements, which may contain each other, so that a promise becomes a type error. */
export function wrapStatements(code: string, statements: readonly Span[]): WrappedCode {
  const places = new Map<string, Span>();
  const lines = code.split("\n").map((line, index) => {
    const number = index + 1;
    const cuts = statements.flatMap((span) => [
      ...(span.start.line === number ? [{ col: span.start.col, text: open, span }] : []),
      ...(span.end.line === number ? [{ col: span.end.col, text: close, span }] : []),
    ]).sort((a, b) => a.col - b.col);
    let out = "", at = 0;
    for (const { col, text, span } of cuts) {
      out += line.slice(at, col) + text;
      at = col;
      if (text === open) places.set(`${number}:${out.length + 1}`, span);
    }
    return out + line.slice(at);
  });
  return {
    code: lines.join("\n") + helper,
    statementAt: (line, column) => places.get(`${line}:${column}`),
  };
}
