/** Sentences with the words of a claim on which nobody rests, or of which something else judges the truth. */
import type { NoClaim } from "./claim.ts";

const OF_A_FILE =
  "It says what is wrong with a file, or what a key of it does: tests of the file's reader see both.";
const REFUSES = "It refuses: it says what is wrong, and claims nothing that holds.";
const NAMES = "It names a thing, an instant or a column, and says nothing of it.";
const PLANS = "It says what is to happen, or is happening, and not that it has.";
const UNDOES = "It says which command there is to undo a change: test/cli/changes sees each.";

export const NO_CLAIMS: readonly NoClaim[] = [
  {
    file: "cli/program/",
    because: "Help says what a command is for; the command's own texts say what it did.",
  },
  { file: "cli/completion/", because: "It is a script for a shell." },
  { file: "cli/html/", because: "It is a style sheet." },
  { file: "cli/failures/exit-codes.ts", because: "It says what an exit code stands for." },
  {
    file: "cli/policy/",
    because:
      "It compares two files: test/cli/policy/policy-diff-keys.test.ts sees a change of each key.",
  },
  { file: "shared/policy-file/", because: OF_A_FILE },
  { file: "shared/policy-tools/", because: OF_A_FILE },
  {
    file: "infra/",
    because: "It describes a resource, or says where to look once an alarm fires.",
  },
  { file: "shared/domain/policy/", because: REFUSES },
  { file: "shared/usecases/", because: REFUSES },
  {
    file: "shared/http/contract/",
    because: "It describes an answer of the API, whose tests see it.",
  },
  { file: "shared/domain/evidence/archive/seal", because: REFUSES },
  { file: "shared/domain/evidence/trail/parse-trail-event.ts", because: REFUSES },
  { file: "shared/domain/requests/closable-review.ts", because: REFUSES },
  { file: "shared/domain/requests/counter-offer.ts", because: REFUSES },
  { file: "shared/domain/requests/event-order.ts", because: REFUSES },
  { file: "shared/domain/values/strict-json.ts", because: REFUSES },
  {
    file: "shared/domain/requests/end-text.ts",
    text: "This grant has ended.",
    because: "The state is stored as ended, and only converge stores it, with its proof.",
  },
  {
    file: "shared/domain/requests/end-text.ts",
    text: "is also given by",
    because: "It is what stands in the place of a claim.",
  },
  {
    file: "shared/domain/requests/end-text.ts",
    text: "was also given by",
    because: "It is what stands in the place of a claim.",
  },
  { file: "shared/aws/", because: REFUSES },
  { file: "shared/slack/slack-messenger.ts", because: REFUSES },
  { file: "functions/", because: "It is a line of the log, about a message and not about access." },
  { file: "cli/api/", because: REFUSES },
  { file: "cli/audit/bundle-", because: "It says where a bundle does not hold." },
  { file: "cli/audit/archive-line.ts", because: REFUSES },
  { file: "cli/audit/export-events.ts", because: REFUSES },
  { file: "cli/audit/write-whole.ts", because: REFUSES },
  { file: "cli/audit/activity-section.ts", because: "It says that there is more elsewhere." },
  { file: "cli/audit/report-page.ts", because: NAMES },
  { file: "cli/text/report-text.ts", because: NAMES },
  { file: "cli/text/evidence-text.ts", because: NAMES },
  { file: "cli/text/extension-text.ts", because: PLANS },
  { file: "cli/text/grant-text.ts", because: PLANS },
  { file: "cli/text/request-facts.ts", because: PLANS },
  { file: "cli/text/request-text.ts", because: PLANS },
  {
    file: "cli/text/standing-text.ts",
    because:
      "IAM gives a role that is made again another unique id, so an entry of the deleted one gives nobody access: docs/assumptions.md.",
  },
  {
    file: "cli/text/cluster-check-text.ts",
    because: "It says what access.yaml and the cluster's mode say, and names both.",
  },
  {
    file: "cli/text/delegation-text.ts",
    text: "This delegation has ended",
    because: "It is what stands in the place of a claim.",
  },
  { file: "cli/text/person-access-text.ts", text: "being removed", because: PLANS },
  { file: "cli/text/person-access-text.ts", text: "gone by", because: PLANS },
  {
    file: "cli/text/person-access-text.ts",
    text: "more than is stored",
    because: "It says what is not known.",
  },
  {
    file: "cli/text/ends-text.ts",
    because: "It is a heading over what was not proven, or not ended.",
  },
  { file: "cli/ends/ends-failure.ts", because: "It says what is not ended or not known." },
  { file: "cli/kubernetes/live-grant.ts", because: PLANS },
  { file: "cli/changes/", because: UNDOES },
  { file: "cli/commands/stops.ts", text: "being removed", because: PLANS },
  {
    file: "cli/commands/stops.ts",
    text: "Access that ended has to be asked for again",
    because: PLANS,
  },
  { file: "cli/commands/stops.ts", text: "No other admin", because: REFUSES },
  { file: "cli/commands/stops.ts", text: "are being removed", because: PLANS },
  { file: "cli/commands/audit-bundle.ts", because: REFUSES },
  { file: "cli/commands/audit-export.ts", text: "--resume", because: REFUSES },
  { file: "cli/commands/audit-export.ts", text: "was not completed", because: REFUSES },
  { file: "cli/commands/audit-verify.ts", text: "one export can be verified", because: REFUSES },
  { file: "cli/commands/audit-verify.ts", text: "is not the export that", because: REFUSES },
  {
    file: "cli/commands/audit-verify.ts",
    text: "Whoever writes a file again",
    because: "It says what is not known.",
  },
  {
    file: "cli/commands/audit-verify-archive.ts",
    text: "younger than the last seal",
    because: "It says what is not known.",
  },
  {
    file: "cli/commands/audit-verify-archive.ts",
    text: "If later seals were taken away",
    because: "It says what is not known.",
  },
  {
    file: "cli/commands/audit-verify-archive.ts",
    text: "The archive does not hold",
    because: REFUSES,
  },
  { file: "cli/commands/audit-verify-bundle.ts", text: "does not hold", because: REFUSES },
  { file: "cli/text/bundle-text.ts", text: "(sealed ", because: NAMES },
  {
    file: "cli/text/bundle-text.ts",
    text: "It does not show whether",
    because: "It says what is not known.",
  },
  { file: "cli/commands/decide.ts", because: REFUSES },
  {
    file: "cli/commands/destroy-account.ts",
    text: "access.stacks.json",
    because: "It names the file that the command has just written.",
  },
  {
    file: "cli/commands/destroy.ts",
    text: "These stay",
    because: "Each is named, from the deployed template.",
  },
  { file: "cli/commands/init.ts", because: "It is about the clusters' mode, as AWS answered it." },
  { file: "cli/deployment/access-text.ts", because: OF_A_FILE },
  { file: "cli/deployment/departing-clusters.ts", because: REFUSES },
  {
    file: "cli/deployment/iam/difference-text.ts",
    because:
      "It compares two templates: test/cli/deployment/iam/rights-difference.test.ts sees that nothing is lost.",
  },
  { file: "cli/deployment/nothing-lent", because: REFUSES },
  { file: "cli/doctor/", because: "It says what a check found wrong, or could not check." },
  { file: "cli/failures/", because: REFUSES },
  { file: "shared/slack/texts/answer-texts.ts", because: "It says the state that is stored." },
  { file: "shared/slack/texts/command-texts.ts", because: REFUSES },
  {
    file: "shared/slack/texts/delegation-texts.ts",
    because: "It says who ended a delegation, as its record has it.",
  },
  {
    file: "shared/slack/texts/end-all-texts.ts",
    because: "It says what is stored, and that messages follow with what else gives access.",
  },
  { file: "shared/slack/texts/form-texts.ts", because: NAMES },
  { file: "shared/slack/texts/finding-texts.ts", because: NAMES },
  { file: "shared/slack/texts/notice-texts.ts", because: PLANS },
  { file: "shared/slack/texts/own-access-texts.ts", text: "Being removed by", because: PLANS },
  {
    file: "shared/slack/texts/own-access-texts.ts",
    text: "not read back as gone",
    because: "It says what is not known.",
  },
  { file: "shared/slack/texts/stop-texts.ts", because: PLANS },
  { file: "cli/wait.ts", text: "is being removed", because: PLANS },
  { file: "cli/commands/audit-report.ts", because: REFUSES },
  { file: "cli/commands/audit-verify", text: "It was not verified.", because: REFUSES },
  { file: "cli/commands/restore.ts", text: "holds}: ", because: NAMES },
  { file: "shared/http/server/sealed-cursor.ts", because: "It is a token for a page." },
  {
    file: "cli/text/person-access-text.ts",
    text: "not read back as gone",
    because: "It says what is not known.",
  },
];
