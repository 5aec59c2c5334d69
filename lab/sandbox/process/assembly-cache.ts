/** Keeps synthesized stacks for sandboxes in other folders: a synthesis takes longer than all other parts of a start. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";

export interface AssemblyCache {
  /** Puts the assembly of these sources into `outdir`, in place of what is there. Answers whether it has one. */
  take(hash: string, outdir: string): boolean;
  /** Keeps the assembly in `outdir` as that of these sources. Without effect if it has one already. */
  keep(hash: string, outdir: string): void;
}

/** @param folder made if it does not exist; several sandboxes may use it at once */
export function assemblyCache(folder: string): AssemblyCache {
  const placeOf = (hash: string) => path.join(folder, hash);
  return {
    take(hash, outdir) {
      if (!existsSync(placeOf(hash))) return false;
      rmSync(outdir, { recursive: true, force: true });
      cpSync(placeOf(hash), outdir, { recursive: true });
      return true;
    },
    keep(hash, outdir) {
      if (existsSync(placeOf(hash))) return;
      mkdirSync(folder, { recursive: true });
      // Others must not take half an assembly: it gets its name once it is whole.
      const copy = mkdtempSync(path.join(folder, "copying-"));
      cpSync(outdir, copy, { recursive: true });
      try {
        renameSync(copy, placeOf(hash));
      } catch (error) {
        rmSync(copy, { recursive: true, force: true });
        // Another sandbox was faster.
        if (!existsSync(placeOf(hash))) throw error;
      }
    },
  };
}

/** The cache of a sandbox that shares no assembly. */
export const NO_CACHE: AssemblyCache = { take: () => false, keep: () => undefined };
