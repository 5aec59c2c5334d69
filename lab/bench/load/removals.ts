/** When access really went, as the sandbox's AWS logged it: not as the broker says. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** A call that took access from an entry, and was carried out. */
export interface Removal {
  readonly principalArn: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

interface LoggedCall {
  readonly service: string;
  readonly operation: string;
  readonly status: number;
  readonly at: string;
  readonly input: { readonly principalArn?: string };
}

const REMOVES: ReadonlySet<string> = new Set(["DisassociateAccessPolicy", "DeleteAccessEntry"]);

/** @param file `logs/aws-calls.log` of a sandbox, which may be larger than memory */
export async function removalsIn(file: string): Promise<readonly Removal[]> {
  const removals: Removal[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (!line.startsWith('{"service":"eks"')) continue;
    const { operation, status, at, input } = JSON.parse(line) as LoggedCall;
    if (REMOVES.has(operation) && status === 200 && input.principalArn !== undefined)
      removals.push({ principalArn: input.principalArn, at });
  }
  return removals;
}

/**
 * The time at which the access of a grant went: the first removal on its entry after `effectiveAt`.
 * Undefined if nothing was removed. A person of the crowd has one grant at a time.
 */
export const removalOf = (
  { principalArn, effectiveAt }: { readonly principalArn: string; readonly effectiveAt: string },
  removals: readonly Removal[],
): string | undefined =>
  removals
    .filter((removal) => removal.principalArn === principalArn && removal.at >= effectiveAt)
    .map(({ at }) => at)
    .sort()[0];
