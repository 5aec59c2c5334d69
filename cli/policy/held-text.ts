/** The meaning of a claim that holds: the grounds of each, and for all of them what a proof leaves out. */
import type { LookedClass } from "../../shared/policy-tools/prove/classes.ts";
import type { NearMiss } from "../../shared/policy-tools/prove/near-miss.ts";
import type { ClaimOutcome } from "./claim-outcomes.ts";
import { listed, plain } from "./words.ts";

/** The same for programs: conditions that are taken as met, and parts of the world that no proof covers. */
export const MEANING = {
  taken: ["hours", "tickets", "on-call", "reasons", "nobody-suspended"],
  leavesOut: [
    "other-files",
    "deployments-under-way",
    "parts-taken-over",
    "standing-access",
    "who-may-assume-a-role",
  ],
} as const;

/** The meaning of `holds`, which is said once. */
export const meaningText =
  "holds: under this file no requests, approvals, delegations, escalations, extensions and break-glass lead there. Hours, tickets, on call and reasons are taken as met, and nobody as suspended. It leaves out other files, a deployment that is under way, parts of the broker that somebody took over, standing access, and who may assume a role.";

/** The grounds of a claim that holds, and how near it came. */
export const heldText = ({ holds, assumed, near, classes }: ClaimOutcome): readonly string[] =>
  holds
    ? [
        `Looked at ${classesText(classes)}.`,
        ...(assumed
          ? ["It is assumed that Kubernetes groups may do no more than groups says."]
          : []),
        ...near.map(nearText),
      ]
    : [];

/** Larger answers are for programs. */
const MOST_CLASSES = 4;

function classesText(classes: readonly LookedClass[]): string {
  if (classes.length === 0) return "nobody: no rule lends there to anybody whom it means";
  const shown = classes.slice(0, MOST_CLASSES).map(classText);
  const left = classes.slice(MOST_CLASSES).reduce((sum, { principals }) => sum + principals, 0);
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join("; ");
}

/** `alice and 11 alike, by payments-edit` */
function classText({ principals, people, rules }: LookedClass): string {
  const alike = principals > 1 ? ` and ${principals - 1} alike` : "";
  const by = rules.length > 0 ? `, by ${listed(rules, plain)}` : "";
  return `${listed(people, plain)}${alike}${by}`;
}

const nearText = ({ policy, than, rules, kinds: { shared, all } }: NearMiss): string => {
  const text = `Near: ${policy} by ${listed(rules, plain)} permits ${shared} of the ${all} kinds of request of ${than} that AWS names.`;
  return shared < all ? text : `${text} It lacks those that AWS names by * only.`;
};
