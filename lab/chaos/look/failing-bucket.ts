/** Starts the sandbox with a bucket that fails the first run of archive which writes to it. */
import { setTimeout as pause } from "node:timers/promises";
import type { SandboxControl } from "../stage/sandbox-control.ts";
import { askSandbox, tellSandbox } from "../stage/tell-sandbox.ts";

/** A fault of writes, with how many calls it strikes at most. */
export interface BucketFault {
  readonly kind: "refuse" | "drop";
  readonly count: number;
}

/** Archive runs once a minute then. */
const PATIENCE_MS = 90_000;
/** A run writes all its parts within less. */
const RUN_MS = 3_000;
const EVERY_MS = 300;
/** Its port takes faults before the first run can have begun. */
const TELL_EVERY_MS = 30;

interface FaultList {
  readonly faults: readonly { readonly count?: number }[];
}

async function untilTaken(url: string, fault: object, end: number): Promise<void> {
  try {
    await tellSandbox(url, "POST", fault);
  } catch (error) {
    if (Date.now() > end) throw error;
    await pause(TELL_EVERY_MS);
    await untilTaken(url, fault, end);
  }
}

/** @param options of the sandbox. @throws Error where it does not start */
export async function startWithFailingBucket(
  control: Pick<SandboxControl, "addresses" | "start">,
  options: readonly string[],
  { kind, count }: BucketFault,
): Promise<void> {
  const url = `${control.addresses.awsUrl}/_sandbox/faults`;
  const fault = { kind, count, service: "s3", operation: "PutObject" };
  await Promise.all([control.start(options), untilTaken(url, fault, Date.now() + PATIENCE_MS)]);
  const isMet = async () =>
    ((await askSandbox(url)) as FaultList).faults.every((one) => one.count !== count);
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && !(await isMet()); )
    await pause(EVERY_MS);
  await pause(RUN_MS);
  await tellSandbox(url, "DELETE");
}
