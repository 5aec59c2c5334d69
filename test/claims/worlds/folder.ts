/** Files of a world, for as long as somebody looks at it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Failure, failureText } from "../../../cli/failures/failure.ts";

/** Makes a folder, and deletes it when the work is done. */
export async function inFolder<Found>(work: (folder: string) => Promise<Found>): Promise<Found> {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-claims-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes a file and the folders that it needs. @returns its path */
export function fileIn(folder: string, name: string, text: string | Buffer): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** The text for people of a command that fails. @throws where it does not */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("It did not fail."),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return failureText(error, Number.POSITIVE_INFINITY);
  throw error;
}
