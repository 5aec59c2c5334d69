/** The structure of `archive`. */
import * as z from "zod/mini";
import { ARCHIVE_MODES, LONGEST_ARCHIVE_DAYS, MOST_WITNESSES } from "../domain/policy/archive.ts";
import { parsePrincipalArn } from "../domain/values/arn.ts";
import { type KeyNotes, keyWith } from "./noted.ts";

export const ARCHIVE_NOTES = {
  archive: {
    description:
      "How S3 Object Lock keeps the archive of the record, which has names, reasons and decisions. A change is for objects from then on: those that are there keep what they have. For production, auditors usually want COMPLIANCE and years.",
    default: { mode: "GOVERNANCE", days: 30 },
    examples: [{ mode: "COMPLIANCE", days: 2_557 }],
  },
  "archive.mode": {
    description:
      "GOVERNANCE: who has s3:BypassGovernanceRetention can delete an object before its time. COMPLIANCE: nobody can, the root user of the account included.",
    examples: ["COMPLIANCE"],
  },
  "archive.days": {
    description: "For how many days S3 keeps each object at least, from 1 to 36500.",
    examples: [2_557],
  },
  "archive.witnesses": {
    description:
      "Roles of auditors' witnesses, in any account. The bucket's policy lets exactly these read the seals, and nothing else of the archive. See timelatch docs audit.",
    default: null,
    examples: [["arn:aws:iam::444455556666:role/timelatch-witness"]],
  },
} as const satisfies KeyNotes;

const key = keyWith(ARCHIVE_NOTES);

const DAYS = `Write a whole number of days from 1 to ${LONGEST_ARCHIVE_DAYS}.`;

const ROLE = "Write an IAM role's ARN, such as arn:aws:iam::444455556666:role/timelatch-witness.";
const ROLES = `Write 1 to ${MOST_WITNESSES} roles, or leave the key out.`;

/** How S3 keeps what is in it. */
export const ArchiveMode = z.enum(ARCHIVE_MODES, "Write GOVERNANCE or COMPLIANCE.");

/** For how long, in days. */
export const ArchiveDays = z
  .int(DAYS)
  .check(z.minimum(1, DAYS), z.maximum(LONGEST_ARCHIVE_DAYS, DAYS));

export const ArchiveFile = z.strictObject({
  mode: key("archive.mode", ArchiveMode),
  days: key("archive.days", ArchiveDays),
  witnesses: key(
    "archive.witnesses",
    z.optional(
      z
        .array(z.string().check(z.refine((arn) => parsePrincipalArn(arn)?.kind === "role", ROLE)))
        .check(z.minLength(1, ROLES), z.maxLength(MOST_WITNESSES, ROLES)),
    ),
  ),
});
