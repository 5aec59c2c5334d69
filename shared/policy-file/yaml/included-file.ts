/** Reads the file that an `access.yaml` includes, from the disk. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { NotIncluded, type ReadIncluded } from "../people/included-people.ts";

/** How commands name standard input. It is in no folder. */
const STANDARD_INPUT = "-";

/**
 * Reads files beside a policy file. The name has no folder, and what stands there must be a file itself:
 * no symbolic link leads anywhere else.
 *
 * @param file the policy, as faults show it: the included file is shown in the same way
 */
export function includedBeside(file: string): ReadIncluded {
  return (name) => {
    if (file === STANDARD_INPUT)
      throw new NotIncluded(
        `The policy comes from standard input, so nothing says where ${name} is. Name the policy's file.`,
      );
    if (name === path.basename(file)) throw new NotIncluded("A policy cannot include itself.");
    const beside = path.join(path.dirname(file), name);
    return { file: beside, text: textOf(beside) };
  };
}

function textOf(file: string): string {
  try {
    if (!lstatSync(file).isFile()) throw noFile(file);
    return readOpened(file);
  } catch (error) {
    if (error instanceof NotIncluded || !(error instanceof Error)) throw error;
    throw new NotIncluded(
      `${file} cannot be read (${error.message}). Put it beside the policy, or leave include out.`,
    );
  }
}

/** The opened file is looked at again: it may have been exchanged since. */
function readOpened(file: string): string {
  // A platform without these flags has no such links, or no such files.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const opened = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!fstatSync(opened).isFile()) throw noFile(file);
    return readFileSync(opened, "utf8");
  } finally {
    closeSync(opened);
  }
}

const noFile = (file: string) =>
  new NotIncluded(
    `${file} is a symbolic link, a folder or a device. Put the file itself beside the policy.`,
  );
