/** The structure of `archive`. */
import * as z from "zod/mini";
import { ARCHIVE_MODES, LONGEST_ARCHIVE_DAYS } from "../domain/policy/archive.ts";
import { key } from "./key-notes.ts";

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
