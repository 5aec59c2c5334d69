/**
 * The second file of the packed command: its code in parts, and texts that were made while packing. The first line
 * is an index of them. Node.js reads and compiles only the parts that a command line needs.
 */
import { fstatSync, openSync, readSync } from "node:fs";
import path from "node:path";
import { getRawAsset, isSea } from "node:sea";
import { compileFunction } from "node:vm";

/** The file beside the program. In an executable it is an asset of this name. */
export const PARTS_FILE = "timelatch.parts";

/** The most bytes of the index, with the end of its line. */
export const INDEX_BYTES = 32_768;

/** By name, where a part begins in the file, behind the index, and its length. In bytes. */
type Index = Readonly<Record<string, readonly [number, number]>>;

interface Module {
  readonly exports: unknown;
}

/** A file that can be read in pieces, and its length. In bytes. */
interface PartsFile {
  readonly size: number;
  /** Reads less than `length` where the file ends. */
  readonly read: (at: number, length: number) => Buffer;
}

export class Parts {
  readonly #file: PartsFile;
  readonly #index: Index;
  readonly #begin: number;
  readonly #loaded = new Map<string, Module>();

  /** @throws Error where the file has no index, or another length than its index says */
  constructor(file: PartsFile) {
    this.#file = file;
    const [line = ""] = file.read(0, INDEX_BYTES).toString("latin1").split("\n", 1);
    this.#index = JSON.parse(line) as Index;
    this.#begin = line.length + 1;
    const ends = Object.values(this.#index).map(([at, length]) => at + length);
    if (file.size !== this.#begin + Math.max(...ends)) throw new Error("The file is not whole.");
  }

  /** @returns undefined where there is no such part */
  text(name: string): string | undefined {
    const place = Object.hasOwn(this.#index, name) ? this.#index[name] : undefined;
    if (!place) return undefined;
    const [at, length] = place;
    return this.#file.read(this.#begin + at, length).toString("utf8");
  }

  /** Runs a part once. Parts name each other, and modules of Node.js. @returns what it exports */
  readonly load = (name: string): unknown => {
    const part = path.posix.basename(name);
    const known = this.#loaded.get(part);
    if (known) return known.exports;
    const code = this.text(part);
    if (code === undefined) return process.getBuiltinModule(name);
    const module: Module = { exports: {} };
    // Two parts may load each other.
    this.#loaded.set(part, module);
    const run = compileFunction(code, ["module", "exports", "require"], { filename: part });
    run(module, module.exports, this.load);
    return module.exports;
  };
}

/** The parts beside the program, or in the executable. @throws Error where the file is missing or not whole */
export function readParts(): Parts {
  if (isSea()) {
    const whole = Buffer.from(getRawAsset(PARTS_FILE) as ArrayBuffer);
    const read = (at: number, length: number) => whole.subarray(at, at + length);
    return new Parts({ size: whole.length, read });
  }
  const file = openSync(path.join(__dirname, PARTS_FILE), "r");
  const read = (at: number, length: number) => {
    const place = Buffer.allocUnsafe(length);
    return place.subarray(0, readSync(file, place, 0, length, at));
  };
  return new Parts({ size: fstatSync(file).size, read });
}
