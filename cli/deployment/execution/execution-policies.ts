/** Policies for the role with which CloudFormation deploys, computed from the templates. Pure. */
import { Failure } from "../../failures/failure.ts";
import type { AssemblyStack } from "../assembly.ts";
import { HANDLED } from "./handled-types.ts";
import { arnIn, namedResources } from "./named-resource.ts";
import type { Right } from "./right.ts";

export interface ExecutionStatement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Right["condition"];
}

export interface ExecutionPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly ExecutionStatement[];
}

/**
 * The rights that the stacks of one account need, and nothing else: one statement for each kind of call.
 *
 * @throws Failure `faulty` for a type of which nothing is known
 */
export function executionStatements(
  stacks: readonly AssemblyStack[],
): readonly ExecutionStatement[] {
  const rights = stacks.flatMap((stack) => [...parameterRights(stack), ...resourceRights(stack)]);
  const kinds = Map.groupBy(rights, ({ actions, condition }) =>
    JSON.stringify([actions, condition]),
  );
  return [...kinds.values()].flatMap(([first, ...others]) =>
    first ? [statementOf(first, others)] : [],
  );
}

function statementOf(first: Right, others: readonly Right[]): ExecutionStatement {
  const resources = [first, ...others].flatMap((right) => right.resources);
  return {
    Effect: "Allow",
    Action: first.actions,
    Resource: [...new Set(resources)].sort(),
    ...(first.condition ? { Condition: first.condition } : {}),
  };
}

function resourceRights(stack: AssemblyStack): readonly Right[] {
  return namedResources(stack).flatMap((resource) => {
    const rights = HANDLED[resource.Type];
    if (!rights) throw unknownType(stack, resource.Type);
    return rights(resource);
  });
}

/** The version of the bootstrap, which each template of the CDK asks for. */
const parameterRights = (stack: AssemblyStack): readonly Right[] =>
  Object.values(stack.template.Parameters ?? {})
    .filter(({ Type }) => Type.startsWith("AWS::SSM::Parameter::Value"))
    .map(({ Default = "" }) => ({
      actions: ["ssm:GetParameters"],
      resources: [arnIn({ stack }, "ssm", `parameter/${String(Default).replace(/^\//, "")}`)],
    }));

/**
 * Characters of a managed policy, which IAM counts without white space.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const LONGEST = 6_144;

/** As many policies as the statements need, in their order. */
export function packedPolicies(
  statements: readonly ExecutionStatement[],
): readonly ExecutionPolicy[] {
  const policies: ExecutionStatement[][] = [];
  for (const statement of statements) {
    const last = policies.at(-1);
    if (last && lengthOf([...last, statement]) <= LONGEST) last.push(statement);
    else policies.push([statement]);
  }
  return policies.map(policyOf);
}

const policyOf = (Statement: readonly ExecutionStatement[]): ExecutionPolicy => ({
  Version: "2012-10-17",
  Statement,
});

const lengthOf = (statements: readonly ExecutionStatement[]): number =>
  JSON.stringify(policyOf(statements)).length;

const unknownType = ({ name }: AssemblyStack, type: string) =>
  new Failure("faulty", "execution-unknown", {
    what: `${name} has a resource of the type ${type}. Timelatch does not know what CloudFormation calls for it.`,
    notDone: "Nothing was written.",
    next: ["Next: take it out of the stack, or write the policy by hand."],
  });
