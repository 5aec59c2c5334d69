/** The archive before and after a deployment, since not everybody can undo the difference. Pure. */
import type { ArchivePolicy } from "../../shared/domain/policy/archive.ts";
import type { Template } from "./assembly.ts";

/** How the archive keeps new objects: before the deployment, where there is one, and afterwards. */
export interface ArchiveChange {
  readonly before: ArchivePolicy | null;
  readonly after: ArchivePolicy;
}

/** Undefined where the template has no archive, or keeps it as before. */
export function archiveChange(
  before: Template | undefined,
  after: Template,
): ArchiveChange | undefined {
  const [was, is] = [keptIn(before ?? {}), keptIn(after)];
  const isSame = was?.mode === is?.mode && was?.days === is?.days;
  return is === undefined || isSame ? undefined : { before: was ?? null, after: is };
}

/** The default retention of the template's bucket with Object Lock. */
function keptIn({ Resources = {} }: Template): ArchivePolicy | undefined {
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    const lock = Properties["ObjectLockConfiguration"] as Lock | undefined;
    const { Mode: mode, Days: days } = lock?.Rule?.DefaultRetention ?? {};
    if (Type === "AWS::S3::Bucket" && mode !== undefined && days !== undefined)
      return { mode, days };
  }
  return undefined;
}

interface Lock {
  readonly Rule?: {
    readonly DefaultRetention?: {
      readonly Mode?: ArchivePolicy["mode"];
      readonly Days?: number;
    };
  };
}

/** Sentences for whoever is asked. Empty where nothing changes. */
export const archiveText = (change: ArchiveChange | undefined): string =>
  change === undefined
    ? ""
    : change.before === null
      ? `${madeText(change.after)}\n\n`
      : `${changedText(change.before, change.after)}\n\n`;

const daysText = (days: number): string =>
  days === 1 ? "1 day" : `${days.toLocaleString("en")} days`;

const MADE: Readonly<Record<ArchivePolicy["mode"], (days: string) => string>> = {
  COMPLIANCE: (days) =>
    `This makes a bucket that nobody can delete, the root user of the account included: S3 keeps each object for ${days}, and the bucket with them. It holds names, reasons and decisions of people. Is this a trial? Then write archive: { mode: GOVERNANCE, days: 30 } in access.yaml first.`,
  GOVERNANCE: (days) =>
    `This makes a bucket for the record. S3 keeps each object for ${days}; only who has s3:BypassGovernanceRetention can delete one before. Is this for production? Then write archive: { mode: COMPLIANCE, days: 2557 } in access.yaml, or as many days as your auditors want.`,
};

const madeText = ({ mode, days }: ArchivePolicy): string => MADE[mode](daysText(days));

/**
 * A default is for objects from then on.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */
function changedText(before: ArchivePolicy, after: ArchivePolicy): string {
  const kept = ({ mode, days }: ArchivePolicy) => `${daysText(days)} in ${mode}`;
  const [old, rest] =
    before.mode === "COMPLIANCE"
      ? ["nobody can delete them before", "No change makes that shorter."]
      : [
          "they keep that, and no more than that",
          "To keep them longer, change each of them in S3.",
        ];
  const end =
    after.mode === "COMPLIANCE" ? " Nobody can delete the new ones before that time." : "";
  return `The archive keeps new objects for ${kept(after)}.${end} Those that are there have ${kept(before)}: ${old}. ${rest}`;
}
