/** Sentences of surfaces on which people read outcomes, each with why it claims nothing. */
import type { NoClaim } from "./claim.ts";

/** Several sentences of one source, for one reason. */
const each = (file: string, because: string, ...texts: readonly string[]): readonly NoClaim[] =>
  texts.map((text) => ({ file, text, because }));

const REFUSES = "It refuses: it says what is wrong, and claims nothing that holds.";
const NAMES = "It names a thing, an instant, a number or a column, and says nothing of it.";
const PLANS = "It says what is to happen, or is happening, and not that it has.";
const NOT_SO = "It says what is not so, or not known: it stands in the place of a claim.";
const UNDOES = "It says which command there is to undo a change: test/cli/changes sees each.";
const LEFT =
  "The client says so just before the first byte can leave: test/cli/changes/send-change.test.ts.";

export const SAID_OUTCOMES: readonly NoClaim[] = [
  ...each(
    "cli/text/ends-text.ts",
    "It is a heading over what was not proven, or not ended.",
    ...["Ended, and not read back as gone yet", "NOT ended"],
  ),
  ...each(
    "cli/text/ends-text.ts",
    "It is a heading. Below it stands each request that is over, with what proves it.",
    "Over (",
  ),
  ...each("cli/text/evidence-text.ts", NOT_SO, "nothing to confirm"),
  ...each(
    "shared/domain/evidence/activity/activity-text.ts",
    NOT_SO,
    "There was more than the summary holds.",
  ),
  ...each("cli/text/extension-text.ts", PLANS, "To be gone by", ", to be gone by "),
  ...each("cli/text/grant-text.ts", PLANS, "GONE BY"),
  ...each("cli/text/request-facts.ts", PLANS, "To be gone by"),
  ...each("console/views/request/fact-order.ts", NAMES, "To be gone by"),
  ...each(
    "cli/text/request-text.ts",
    PLANS,
    ...["being removed", "to be gone by ", "See that it has ended:", "It is to be gone by "],
  ),
  ...each("cli/text/report-text.ts", NAMES, "Ended by", "Not ended", "Ended late", "unconfirmed,"),
  ...each(
    "cli/text/report-text.ts",
    NOT_SO,
    ...["something else gave it when the grant ended", "that nothing accounts for"],
    ...["that no event confirms", " late. ", "and its end is not yet confirmed"],
  ),
  ...each(
    "cli/text/cluster-check-text.ts",
    "It says what access.yaml and the cluster's mode say, and names both.",
    ...["CONFIG_MAP: EKS takes no access entries", "So says access.yaml;"],
  ),
  ...each(
    "cli/ends/ends-failure.ts",
    NOT_SO,
    ...["Not ended", "look again until nothing is left:", " not ended", " not proven"],
    ...["It is not known that all access of", "Not sent: "],
  ),
  ...each(
    "cli/ends/ends-failure.ts",
    "The API answered it, with this state: test/cli/ends/end-all.test.ts.",
    "Sent before: ",
  ),
  ...each("cli/kubernetes/live-grant.ts", PLANS, "are being ended.", "is being removed: "),
  ...each(
    "cli/changes/",
    UNDOES,
    ...["nothing undoes it", "there is nothing to undo.", "nothing takes an approval back;"],
    "no other admin can lift it",
  ),
  ...each("cli/changes/", LEFT, "was sent, and ", " was sent. Waiting up to "),
  ...each("cli/changes/interruption-failure.ts", "Its row says it.", "row.happened("),
  ...each("cli/commands/stops.ts", PLANS, "being removed", "Access that ended has to be asked"),
  ...each("cli/commands/stops.ts", REFUSES, "No other admin"),
  ...each(
    "cli/commands/stops.ts",
    "The same answer of the API says so.",
    "The broker is drained, so nothing is lent to anybody.",
  ),
  ...each("cli/commands/audit-bundle.ts", REFUSES, "What the API answers does not hold"),
  ...each("cli/commands/audit-bundle.ts", NAMES, "timelatch audit verify "),
  ...each("cli/commands/audit-export.ts", REFUSES, "--resume", "was not completed"),
  ...each("cli/commands/audit-report.ts", REFUSES, "The report was not completed;"),
  ...each("cli/commands/audit-verify", REFUSES, "It was not verified."),
  ...each(
    "cli/commands/audit-verify.ts",
    REFUSES,
    ...["one export can be verified", "is not the export that"],
  ),
  ...each("cli/commands/audit-verify.ts", NOT_SO, "Whoever writes a file again"),
  ...each(
    "cli/commands/audit-verify-archive.ts",
    NOT_SO,
    ...["younger than the last seal", "If later seals were taken away"],
  ),
  ...each("cli/commands/audit-verify-archive.ts", REFUSES, "The archive does not hold"),
  ...each("cli/commands/audit-verify-bundle.ts", REFUSES, "does not hold"),
  ...each(
    "cli/commands/console.ts",
    "It says of itself that it ends: test/cli/console.",
    "so it ended.",
    "The console has ended.",
    "so the console ended.",
  ),
  ...each("cli/commands/decision.ts", REFUSES, "so there is nothing to decide."),
  ...each(
    "cli/commands/destroy-account.ts",
    "It says of the file what the command has just written into it.",
    "the account is no longer on record",
  ),
  ...each("cli/commands/destroy-account.ts", PLANS, "Once nothing is lent there, take them out"),
  ...each("cli/commands/destroy.ts", "Each is named, from the deployed template.", "These stay"),
  ...each(
    "cli/commands/init.ts",
    "It is about the clusters' mode, as AWS answered it.",
    "Nothing can be lent yet on",
  ),
  ...each("cli/commands/policy-diff.ts", PLANS, "It may leave once nothing is lent there"),
  ...each("cli/commands/restore.ts", NAMES, "holds}: "),
  ...each(
    "cli/prompts/request-dialogue.ts",
    PLANS,
    "Ctrl-C stops at any prompt. Nothing is sent before you confirm it.",
  ),
  ...each("cli/wait.ts", PLANS, "is being removed", "Nothing more is added for it."),
  ...each("cli/doctor/smoke/smoke-failures.ts", PLANS, "it touches entries of its own only."),
  ...each(
    "cli/doctor/smoke/smoke-failures.ts",
    NOT_SO,
    ...["Not everything is removed:", "facts do not hold"],
  ),
  ...each(
    "cli/doctor/smoke/smoke-progress.ts",
    "It follows AWS's answer to the deletion: test/cli/doctor/smoke.",
    "  - removed ",
  ),
  ...each("cli/doctor/smoke/smoke-progress.ts", NAMES, " hold"),
  ...each("cli/doctor/smoke/smoke-progress.ts", NOT_SO, "could not be removed"),
  ...each(
    "cli/audit/bundle-page.ts",
    NAMES,
    ...["To be removed from", "To be gone by", "Ended by", "End proven", "What is sealed"],
    "notEvidence(),",
  ),
  ...each(
    "cli/audit/bundle-page.ts",
    NOT_SO,
    ...["not ended", "nothing to confirm", "None: the bundle was made without a sealed archive"],
  ),
  ...each(
    "cli/audit/report-page.ts",
    NAMES,
    ...["ended late", "{calls.confirmed} / ", "calls confirmed"],
    ...["CloudTrail agrees", "Grants by what ended them", "Reviews of break-glass", '"Agrees"'],
    ...["{made} confirmed"],
  ),
  ...each(
    "cli/audit/report-page.ts",
    NOT_SO,
    ...["that nothing accounts for", "that no event confirms", "Changes that nothing explains"],
    "end not yet confirmed",
  ),
  ...each("cli/text/delegation-text.ts", NOT_SO, "This delegation has ended"),
  ...each("cli/text/person-access-text.ts", PLANS, "being removed", "gone by"),
  ...each(
    "cli/text/person-access-text.ts",
    NOT_SO,
    ...["more than is stored", "not read back as gone"],
  ),
  ...each("cli/text/bundle-text.ts", NOT_SO, "It does not show what came later"),
  ...each(
    "shared/domain/requests/end-text.ts",
    "The state is stored as ended, and only converge stores it, with its proof.",
    "This grant has ended.",
  ),
  ...each("shared/domain/requests/end-text.ts", NOT_SO, "is also given by", "was also given by"),
  ...each(
    "shared/slack/texts/answer-texts.ts",
    PLANS,
    ...["Returned. Access is being removed.", "Already over: access is being removed."],
  ),
  ...each("shared/slack/texts/command-texts.ts", REFUSES, "You may ask for"),
  ...each(
    "shared/notices/delegation-texts.ts",
    "It says who ended a delegation, as its record has it.",
    "ended it.",
  ),
  ...each("shared/slack/texts/end-all-texts.ts", NOT_SO, "Not ended: "),
  ...each("shared/notices/finding-texts.ts", NAMES, " holds"),
  ...each("shared/slack/texts/form-texts.ts", NAMES, "Take away what is not needed."),
  ...each("shared/slack/texts/home-texts.ts", NAMES, "Nothing yet."),
  ...each("shared/slack/texts/home-texts.ts", NOT_SO, "Nothing among the newest,"),
  ...each(
    "shared/notices/notice-texts.ts",
    PLANS,
    ...["Access is being removed.", "You are no longer asked", "To be gone by"],
  ),
  ...each("shared/slack/texts/own-access-texts.ts", PLANS, "Being removed, to be gone by"),
  ...each("shared/slack/texts/own-access-texts.ts", NOT_SO, "not read back as gone"),
  ...each(
    "shared/notices/stop-texts.ts",
    PLANS,
    ...["is being removed; standing access stays.", "Access that ended has to be asked for again."],
  ),
  ...each("shared/notices/stop-texts.ts", REFUSES, "No other admin can lift it"),
  ...each(
    "console/views/operator/change-stop.tsx",
    PLANS,
    ...["Access that ended stays ended.", "The removal of "],
  ),
  ...each("console/views/mine/delegate.tsx", PLANS, "The terminal asks before it is sent."),
  ...each("console/views/mine/delegations.tsx", NAMES, "no longer decides for"),
  ...each("cli/ends/stop-ends.ts", PLANS, "The stop is stored, and its ends go on."),
  ...each("cli/text/reach-person-text.ts", NOT_SO, "The archive does not say who holds"),
  ...each(
    "cli/ends/stop-ends.ts",
    NOT_SO,
    ...["end not yet confirmed", "It is not known that all of it is gone"],
  ),
  ...each("console/views/mine/ended.tsx", NAMES, "What ended lately"),
  ...each("console/views/mine/held.tsx", NAMES, "What I hold"),
  ...each("console/views/mine/held.tsx", PLANS, "Access is being removed."),
  ...each("console/views/mine/mine.tsx", REFUSES, "You can ask for nothing now"),
  ...each(
    "console/views/ask/ask.tsx",
    "A preview asks the API and stores nothing: test/functions/operations.",
    "Nothing is sent to anybody before you ask.",
  ),
  ...each(
    "console/frame/over.tsx",
    NOT_SO,
    "It ended before",
    "A change that you sent just before",
  ),
];
