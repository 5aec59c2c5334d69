/** The structure of `archive`. */
import * as z from "zod/mini";
import { ARCHIVE_MODES, LONGEST_ARCHIVE_DAYS } from "../domain/policy/archive.ts";
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
} as const satisfies KeyNotes;

const key = keyWith(ARCHIVE_NOTES);

const DAYS = `Write a whole number of days from 1 to ${LONGEST_ARCHIVE_DAYS}.`;

/** How S3 keeps what is in it. */
export const ArchiveMode = z.enum(ARCHIVE_MODES, "Write GOVERNANCE or COMPLIANCE.");

/** For how long, in days. */
export const ArchiveDays = z
  .int(DAYS)
  .check(z.minimum(1, DAYS), z.maximum(LONGEST_ARCHIVE_DAYS, DAYS));

export const ArchiveFile = z.strictObject({
  mode: key("archive.mode", ArchiveMode),
  days: key("archive.days", ArchiveDays),
});
