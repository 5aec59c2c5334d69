/** Claims about records, files and configuration. */
import { archiveChange, archiveText } from "../../cli/deployment/archive-keeping.ts";
import { comparisonText } from "../../cli/policy/comparison-text.ts";
import { aPolicy } from "../../lab/fakes/builders.ts";
import { answerMeans } from "../../shared/domain/evidence/trail/trail-event.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { comparePolicies } from "../../shared/policy-tools/compare/compare-policies.ts";
import { linesOf } from "../cli/audit/histories.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";
import { run } from "../cli/run-timelatch.ts";
import { aLife, idOf } from "../cli/sample-requests.ts";
import type { Claim } from "./claim.ts";

/** `timelatch audit verify` of an export with these events. */
const verified = (events: readonly unknown[]) =>
  run(["audit", "verify", "-"], {
    stdin: linesOf(events)
      .map((line) => `${line}\n`)
      .join(""),
  });

const ARCHIVE = "cli/commands/audit-verify-archive.ts";
const ARCHIVE_TEST = "test/cli/audit/verify-archive.test.ts";
const SHARED_END = "test/cli/audit/shared-end.test.ts";
const REPORT_TEST = "test/cli/audit/report.test.ts";
const TRAIL_EVENT = "shared/domain/evidence/trail/trail-event.ts";
const RESTORE = "cli/commands/restore.ts";

/** The sentences about a new archive. */
const archiveIn = (Mode: string) =>
  archiveText(
    archiveChange(undefined, {
      Resources: {
        Archive: {
          Type: "AWS::S3::Bucket",
          Properties: {
            ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode, Days: 30 } } },
          },
        },
      },
    }),
  );

export const EVIDENCE_CLAIMS: readonly Claim[] = [
  {
    file: "cli/commands/policy-prove.ts",
    text: "✔ holds",
    falseWhere: "a rule lets somebody do what the claim rules out",
    instead: "✘ fails",
    seen: {
      test: "test/cli/policy/policy-prove.test.ts",
      title: "A claim that it breaks is said to fail, with who suffices and the commands of each",
    },
  },
  {
    file: "cli/deployment/archive-keeping.ts",
    text: "a bucket that nobody can delete",
    falseWhere: "the archive is in governance mode, which an administrator can bypass",
    instead: "only who has s3:BypassGovernanceRetention can delete one before",
    seen: async () => ({ holds: archiveIn("COMPLIANCE"), fails: archiveIn("GOVERNANCE") }),
  },
  {
    file: "cli/commands/audit-verify.ts",
    text: "every hash fits",
    falseWhere: "an event of the file was edited",
    instead: "Verification FAILED",
    seen: async () => {
      const [first, second, ...rest] = aLife(idOf(1)).events;
      const edited = second && { ...second, actor: "mallory" };
      return {
        holds: (await verified([first, second, ...rest])).out,
        fails: (await verified([first, edited, ...rest])).err,
      };
    },
  },
  {
    file: ARCHIVE,
    text: "is sealed by the key that you named",
    falseWhere: "a seal is missing, was edited, or another key made it",
    instead: "Another key sealed",
    seen: {
      test: ARCHIVE_TEST,
      title:
        "timelatch audit verify names a seal that was edited, that is missing, and that another key made",
    },
  },
  {
    file: ARCHIVE,
    text: "nothing was edited, left out, doubled or cut off since it was sealed",
    falseWhere: "a record was edited and the hashes were computed again",
    instead: "it was changed, and the hashes were computed again",
    seen: {
      test: ARCHIVE_TEST,
      title: "timelatch audit verify names a record whose chain was computed again",
    },
  },
  {
    file: ARCHIVE,
    text: "The last sealed day is",
    falseWhere: "later seals were taken away",
    instead: "--until fails where a day has no seal",
    seen: {
      test: ARCHIVE_TEST,
      title: "timelatch audit verify --until fails where an archive's last seal is before that day",
    },
  },
  {
    file: "cli/commands/audit-verify-bundle.ts",
    text: "Every hash fits, and the files agree with each other.",
    falseWhere: "a file of the bundle was edited",
    instead: "does not hold",
    seen: {
      test: "test/cli/audit/bundle.test.ts",
      title: "timelatch audit verify names the file of a bundle that was edited, with exit code 8",
    },
  },
  {
    file: "cli/commands/audit-export.ts",
    text: "complete from",
    falseWhere: "an earlier event of a request is not listed",
    instead: "The export was not completed",
    seen: {
      test: "test/cli/audit/export-events.test.ts",
      title: "An export is not completed where an earlier event of a request is not listed",
    },
  },
  {
    file: "cli/audit/report-page.ts",
    text: "CloudTrail confirms",
    falseWhere: "CloudTrail does not show a call",
    instead: "a call that no event confirms",
    seen: {
      test: REPORT_TEST,
      title: "Calls that CloudTrail does not show are the difference, by name",
    },
  },
  {
    file: "cli/audit/bundle-page.ts",
    text: "Gone, as read from EKS",
    falseWhere: "another grant, or standing access, gave the same when the grant ended",
    instead: "was also given by",
    seen: {
      test: SHARED_END,
      title: "Where %s gave it too, the page does not say that it was gone",
    },
  },
  {
    file: "cli/text/report-text.ts",
    text: "after its end`",
    falseWhere: "another grant gave the same when the grant ended late",
    instead: "was also given by",
    seen: { test: SHARED_END, title: "A late end of such a grant is no late end of its access" },
  },
  {
    file: "cli/text/report-text.ts",
    text: "Nothing: no exception in this period.",
    falseWhere: "access outlived its bound, and nobody has seen it gone",
    instead: "and its end is not yet confirmed",
    seen: {
      test: REPORT_TEST,
      title: "Access that outlived its bound is named, also where nobody has seen it gone",
    },
  },
  {
    file: TRAIL_EVENT,
    text: ", so nothing was changed",
    falseWhere: "EKS carried out the call and answered with an error of its own",
    instead: "which does not say whether anything was changed",
    seen: () => ({ holds: answerMeans("AccessDenied"), fails: answerMeans("ServerException") }),
  },
  {
    file: "cli/commands/kubeconfig.ts",
    text: "Nothing else in it was changed.",
    falseWhere: "the file has a current context, comments or entries of others",
    instead: "current context",
    seen: {
      test: "test/cli/kubernetes/kubeconfig-file.test.ts",
      title: "Everything of others stays: entries, comments, order and the current context",
    },
  },
  {
    file: RESTORE,
    text: "has all that it needs",
    falseWhere: "the table lacks recovery, protection, time to live or tags",
    instead: "was given",
    seen: {
      test: "test/cli/deployment/restore.test.ts",
      title: "A restored table is given what it lacks, and its source's tags",
    },
  },
  {
    file: RESTORE,
    text: "Nothing else was changed.",
    falseWhere: "a change had no answer",
    instead: "may or may not",
    seen: {
      test: "test/cli/deployment/restore.test.ts",
      title: "A change without an answer may have been made",
    },
  },
  {
    file: "cli/deployment/iam/difference-text.ts",
    text: "Nothing changes in IAM.",
    falseWhere: "a role has one right more than the deployed one",
    instead: "newly",
    seen: {
      test: "test/cli/deployment/iam/rights-difference.test.ts",
      title: "Nothing is lost: added and kept statements make up the later ones",
    },
  },
  {
    file: "cli/policy/comparison-text.ts",
    text: "Nothing changes: the two policies say the same.",
    falseWhere: "a person is in one group less",
    instead: "bob may no longer borrow",
    seen: () => {
      const { bob, ...others } = aPolicy().people;
      const without = {
        ...aPolicy(),
        people: { ...others, ...(bob ? { bob: { ...bob, groups: [] } } : {}) },
      };
      const said = (after: AccessPolicy) =>
        comparisonText(comparePolicies(aPolicy(), after), fakeTerminal().context.screen.out);
      return { holds: said(aPolicy()), fails: said(without) };
    },
  },
  {
    file: "shared/http/contract/operation-kinds.ts",
    text: "The answer is complete up to its `to`.",
    falseWhere: "an event is stored with an earlier instant after the answer",
    instead: "up to when the API's list is complete",
    seen: {
      test: REPORT_TEST,
      title:
        "A report says up to when the API's list is complete, and not up to when it was asked for",
    },
  },
  {
    file: "shared/domain/evidence/archive/seal-verify.ts",
    text: "is not the one that was sealed",
    falseWhere: "the list of chains is the sealed one",
    instead: "hold",
    seen: {
      test: ARCHIVE_TEST,
      title: "timelatch audit verify says which seals and how many records of an archive hold",
    },
  },
];
