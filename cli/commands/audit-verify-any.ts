import { isBundle } from "../audit/bundle-folder.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { auditVerify } from "./audit-verify.ts";
import { auditVerifyArchive } from "./audit-verify-archive.ts";
import { auditVerifyBundle } from "./audit-verify-bundle.ts";

export interface AuditVerifyOptions {
  /** File of the public key that made the seals. */
  readonly key?: string;
  /** The day that the archive must be sealed up to, such as `2026-11-24`. */
  readonly until?: string;
  /** File of a checkpoint that a witness cosigned, and of the witness's public key. */
  readonly witness?: string;
  readonly witnessKey?: string;
}

/** `timelatch audit verify`: of an export, a bundle or an archive, whichever the files are. */
export async function auditVerifyAny(
  context: Context,
  files: readonly string[],
  { key, until, witness, witnessKey }: AuditVerifyOptions,
): Promise<void> {
  const [first = "-", second] = files;
  const isOneBundle = second === undefined && isBundle(first);
  if (until !== undefined && (isOneBundle || key === undefined))
    throw new Failure("usage", "until-without-archive", {
      what: "--until is for an archive, which needs its --key.",
      notDone: "Nothing was verified.",
      next: ["Next: name the archive's folder and --key, or leave --until out."],
    });
  if ((witness === undefined) !== (witnessKey === undefined) || (witness && (isOneBundle || !key)))
    throw new Failure("usage", "witness-without-archive", {
      what: "--witness and --witness-key go together, and are for an archive with its --key.",
      notDone: "Nothing was verified.",
      next: ["Next: name the archive's folder, --key and both, or leave both out."],
    });
  if (isOneBundle) return auditVerifyBundle(context, first, key);
  return key === undefined
    ? auditVerify(context, files)
    : auditVerifyArchive(context, files, key, {
        ...(until === undefined ? {} : { until }),
        ...(witness && witnessKey ? { witness: { checkpoint: witness, key: witnessKey } } : {}),
      });
}
