/** Notes on the keys of the archive: see `key-notes.ts`. */
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
} as const;
