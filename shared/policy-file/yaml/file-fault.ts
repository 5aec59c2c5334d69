/** Where a line begins, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** The file with the fault, where it is not the named one but one that it includes. */
  readonly file?: string;
}

/** One fault of a file. */
export interface FileFault extends Place {
  /** The place as keys: `rules.0.duration.max`. */
  readonly path: string;
  readonly detail: string;
}

/** The path of a fault that concerns a file as a whole. */
export const WHOLE_FILE = "(file)";

/** A fault with its key, without which it is rarely understood: often the key is what is missing. */
export const faultText = ({ path, detail }: FileFault): string =>
  path === WHOLE_FILE ? detail : `${path}: ${detail}`;

/** Thrown for a file with faults. Its message has one line per fault: `12:5 rules.0.who: …` */
export class FileFaults extends Error {
  override readonly name = "FileFaults";
  readonly faults: readonly FileFault[];
  constructor(faults: readonly FileFault[]) {
    super(
      faults
        .map(
          (f) =>
            `${f.file === undefined ? "" : `${f.file}:`}${f.line}:${f.column} ${f.path}: ${f.detail}`,
        )
        .join("\n"),
    );
    this.faults = faults;
  }
}
