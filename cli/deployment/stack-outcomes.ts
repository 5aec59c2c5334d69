/** The outcome of each stack of a deployment, as CloudFormation says afterwards. Pure. */
import { isDeepStrictEqual } from "node:util";
import { withLostCharacters } from "./answered-template.ts";
import type { AssemblyStack } from "./assembly.ts";
import type { DeployedStack } from "./deployed-stacks.ts";
import { templateValues } from "./iam/template-values.ts";

type Outcome =
  | "deployed"
  | "absent"
  | "older"
  | "rolled-back"
  | "failed"
  | "half-deleted"
  | "stuck"
  | "unfinished"
  | "working";

export interface StackOutcome {
  readonly stack: AssemblyStack;
  readonly deployed: DeployedStack | undefined;
  readonly outcome: Outcome;
}

/** The last word of a status says most; the first that fits counts. */
const BY_STATUS: readonly (readonly [RegExp, Outcome])[] = [
  [/_IN_PROGRESS$/, "working"],
  [/^UPDATE_ROLLBACK_COMPLETE$/, "rolled-back"],
  [/^ROLLBACK_(?:COMPLETE|FAILED)$/, "failed"],
  [/^DELETE_FAILED$/, "half-deleted"],
  [/^UPDATE_ROLLBACK_FAILED$/, "stuck"],
  [/_FAILED$/, "unfinished"],
];

export function outcomeOf(stack: AssemblyStack, deployed: DeployedStack | undefined): StackOutcome {
  if (!deployed) return { stack, deployed, outcome: "absent" };
  const isThis = isDeepStrictEqual(
    withLostCharacters(deployed.template, stack.template),
    stack.template,
  );
  // An earlier update failed, and it was this template that the stack went back to.
  if (isThis && deployed.status === "UPDATE_ROLLBACK_COMPLETE")
    return { stack, deployed, outcome: "deployed" };
  const byStatus = BY_STATUS.find(([status]) => status.test(deployed.status))?.[1];
  return { stack, deployed, outcome: byStatus ?? (isThis ? "deployed" : "older") };
}

/** A sentence for each, with what to do. */
const SENTENCES: Readonly<Record<Outcome, string>> = {
  deployed: "is deployed",
  absent: "was not made",
  older: "is as it was before; it was not reached",
  "rolled-back": "failed, and is as it was before",
  failed: "could not be made; the next timelatch deploy begins with its deletion",
  "half-deleted":
    "was to be deleted, and is not whole any more: correct what CloudFormation names, and delete it",
  stuck: "is neither old nor new, and takes no update: aws cloudformation continue-update-rollback",
  unfinished: "is neither old nor new: node_modules/.bin/cdk rollback",
  working: "is still being worked on by CloudFormation: wait, then deploy again",
};

export const outcomeText = ({ stack, deployed, outcome }: StackOutcome): string => {
  const status = deployed ? ` (${deployed.status})` : "";
  const reason = deployed?.reason && outcome !== "deployed" ? `: ${deployed.reason}` : "";
  return `${stack.name} in ${stack.account} ${SENTENCES[outcome]}${status}${reason}`;
};

/** `the DynamoDB table TablesAudit of Timelatch` for each. */
export const keptResources = (stacks: readonly AssemblyStack[]): readonly string[] =>
  stacks.flatMap((stack) => {
    const { nameOf } = templateValues(stack.template, stack);
    return Object.entries(stack.template.Resources ?? {})
      .filter(([, { DeletionPolicy: policy = "" }]) => policy.startsWith("Retain"))
      .map(([id, { Type }]) => `${nameOf(id)} of ${stack.name} (${Type})`);
  });
