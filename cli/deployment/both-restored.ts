/** Asks what is lent, before ledger and requests table both go back to an instant. */
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { demandDrained } from "./nothing-lent.ts";
import type { Holds } from "./table-needs.ts";

export interface BothRestoredOptions {
  /** Profile of AWS of an admin or auditor of the policy. */
  readonly adminProfile?: string;
  /** Goes on although something may be lent. */
  readonly undrained?: true;
}

/**
 * Each of the two tables knows what the other forgot. Without both, access that was lent since beside a longer grant of
 * the same policy has no fuse of its own, and is taken for its owner's. It would stay until somebody removes it.
 *
 * @param holds what the restored tables hold, earlier ones of the folder among them
 * @throws Failure `conflict` where the API does not say that the broker is drained and nothing is lent
 */
export const demandNothingForgotten = (
  context: Context,
  holds: readonly Holds[],
  options: BothRestoredOptions,
): Promise<void> =>
  demandKnown(context, holds, options, {
    address: undefined,
    because:
      "With the ledger and the requests table both restored, nothing knows what was lent since.",
  });

interface Asked {
  /** The output of the stack that is asked about; undefined where any API counts. */
  readonly address: string | undefined;
  /** Why the API was asked, as a sentence. */
  readonly because: string;
  /** A step that may make it needless, as a sentence. */
  readonly next?: string;
}

/** @throws Failure as `demandNothingForgotten` */
export async function demandKnown(
  context: Context,
  holds: readonly Holds[],
  { adminProfile, undrained }: BothRestoredOptions,
  { address, because, next }: Asked,
): Promise<void> {
  if (undrained || !holds.includes("ledger") || !holds.includes("requests")) return;
  try {
    await demandDrained(await context.api(adminProfile), address);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { what, findings = [] } = error.text;
    throw new Failure(
      "conflict",
      "restored-undrained",
      {
        what: `${because} ${what}`,
        notDone: "Nothing was changed.",
        findings,
        next: [
          'Next: drain, and wait until nothing is lent: timelatch drain --reason "…"',
          ...(next === undefined ? [] : [next]),
          "The API answers an admin or auditor of the policy: --admin-profile names their profile.",
          "Where it does not answer, end what is lent by hand: timelatch docs runbook#restore-a-table. Then run it with --undrained.",
        ],
      },
      { cause: error },
    );
  }
}
