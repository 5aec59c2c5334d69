/** Where a line begins, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One fault of a file. */
export interface FileFault extends Place {
  /** The place as keys: `rules.0.duration.max`. */
  readonly path: string;
  readonly detail: string;
}

/** Thrown for a file with faults. Its message has one line per fault: `12:5 rules.0.who: …` */
export class FileFaults extends Error {
  override readonly name = "FileFaults";
  readonly faults: readonly FileFault[];
  constructor(faults: readonly FileFault[]) {
    super(faults.map((f) => `${f.line}:${f.column} ${f.path}: ${f.detail}`).join("\n"));
    this.faults = faults;
  }
}
