/** For how long S3 Object Lock keeps each object of the archive, and against whom. */

/**
 * In GOVERNANCE, whoever has `s3:BypassGovernanceRetention` can delete an object before its time; in COMPLIANCE nobody can.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html#object-lock-retention-modes
 */
export const ARCHIVE_MODES = ["GOVERNANCE", "COMPLIANCE"] as const;

export interface ArchivePolicy {
  readonly mode: (typeof ARCHIVE_MODES)[number];
  readonly days: number;
  /** ARNs of roles, in any account, that may read the seals: those of auditors' witnesses. */
  readonly witnesses?: readonly string[] | undefined;
}

/** Each is a statement of the bucket's policy, which may have 20 KB. */
export const MOST_WITNESSES = 10;

/** Where the file says nothing, so that a trial leaves nothing that cannot be deleted. */
export const ARCHIVE_BY_DEFAULT: ArchivePolicy = { mode: "GOVERNANCE", days: 30 };

/** A hundred years. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html */
export const LONGEST_ARCHIVE_DAYS = 36_500;
