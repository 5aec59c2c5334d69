/** The parts that a bundle is verified from, and its possible faults. */

/** The files of a bundle by their names, such as `seals/2026-11-24.json`. */
export type BundleBytes = ReadonlyMap<string, Buffer>;

export interface BundleFault {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  /** A stable word: `edited`, `missing`, `added`, `unreadable`, `disagrees` … */
  readonly fault: string;
  readonly detail: string;
}

/** A fault on one line: its file first. */
export const bundleFaultText = ({ file, line, fault, detail }: BundleFault): string =>
  `${file}${line === undefined ? "" : ` line ${line}`}: ${fault}: ${detail}`;
