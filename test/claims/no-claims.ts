/** Sentences with the words of a claim on which nobody rests, or of which something else judges the truth. */
import type { NoClaim } from "./claim.ts";
import { SAID_OUTCOMES } from "./said-outcomes.ts";

const OF_A_FILE =
  "It says what is wrong with a file, or what a key of it does: tests of the file's reader see both.";
const REFUSES = "It refuses: it says what is wrong, and claims nothing that holds.";
const CHECKS = "It says what a check found wrong, or could not check: test/cli/doctor sees each.";

export const NO_CLAIMS: readonly NoClaim[] = [
  ...SAID_OUTCOMES,
  {
    file: "cli/program/",
    because: "Help says what a command is for; the command's own texts say what it did.",
  },
  {
    file: "cli/console/",
    because: "It refuses, or asks before something is sent: test/cli/console sees each.",
  },
  {
    file: "cli/mcp/",
    because:
      "It describes a tool, or hands on the state that the API answered: test/functions/mcp.test.ts sees each tool.",
  },
  { file: "cli/completion/", because: "It is a script for a shell." },
  { file: "cli/docs/", because: "It says what a page is about: test/cli/docs sees each page." },
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
  { file: "shared/aws/", because: REFUSES },
  { file: "shared/slack/slack-messenger.ts", because: REFUSES },
  { file: "functions/", because: "It is a line of the log, about a message and not about access." },
  { file: "cli/api/", because: REFUSES },
  { file: "cli/audit/bundle-proofs.ts", because: "It says where a bundle does not hold." },
  { file: "cli/audit/bundle-records.ts", because: "It says where a bundle does not hold." },
  { file: "cli/audit/bundle-seals.ts", because: "It says where a bundle does not hold." },
  { file: "cli/audit/archive-line.ts", because: REFUSES },
  { file: "cli/audit/export-events.ts", because: REFUSES },
  { file: "cli/audit/write-whole.ts", because: REFUSES },
  { file: "cli/audit/activity-section.ts", because: "It says that there is more elsewhere." },
  { file: "cli/deployment/access-text.ts", because: OF_A_FILE },
  { file: "cli/deployment/departing-clusters.ts", because: REFUSES },
  {
    file: "cli/deployment/iam/difference-text.ts",
    because:
      "It compares two templates: test/cli/deployment/iam/rights-difference.test.ts sees that nothing is lost.",
  },
  { file: "cli/deployment/nothing-lent", because: REFUSES },
  { file: "cli/deployment/both-restored.ts", because: REFUSES },
  { file: "cli/doctor/checks/", because: CHECKS },
  { file: "cli/doctor/tables/", because: CHECKS },
  { file: "cli/doctor/smoke/settled-facts.ts", because: "It names a fact that a part settles." },
  { file: "cli/doctor/smoke/parts/", because: CHECKS },
  { file: "shared/domain/entries/unknown-ledger.ts", because: REFUSES },
  {
    file: "shared/http/server/problem-details.ts",
    because: "It says that nothing is known of what was sent.",
  },
  { file: "cli/failures/", because: REFUSES },
  { file: "shared/http/server/sealed-cursor.ts", because: "It is a token for a page." },
];
