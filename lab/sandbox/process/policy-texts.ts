import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

/**
 * The parts of a policy: its own file, and the file of people that it includes. Empty for one that
 * is missing.
 */
export function policyTexts(access: string): readonly [Buffer, Buffer] {
  const policy = bytesOf(access);
  const people = includedIn(policy.toString());
  return [policy, people ? bytesOf(path.join(path.dirname(access), people)) : Buffer.of()];
}

const bytesOf = (file: string): Buffer =>
  statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : Buffer.of();

/** The synthesis reports what is wrong with a policy, so nothing is reported here. */
function includedIn(policy: string): string | undefined {
  try {
    const include: unknown = parse(policy)?.people?.include;
    return typeof include === "string" ? include : undefined;
  } catch {
    return undefined;
  }
}
