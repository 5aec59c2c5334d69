/** Reads the stacks of the assembly that make nothing but IAM roles: of people, and of other accounts. */
import { type Assembly, assemblyStacks, loadTemplate } from "./assembly.ts";
import { resolveTemplate } from "./resolve.ts";
import type { Place } from "./resource-type.ts";
import { rolesOf } from "./roles.ts";
import type { RoleResource } from "./stack.ts";

const TYPES = [
  "AWS::IAM::Role",
  "AWS::IAM::Policy",
  "AWS::IAM::ManagedPolicy",
  "AWS::CDK::Metadata",
];

/** A stack, and the roles that it makes. */
export interface RoleStack {
  readonly name: string;
  readonly roles: readonly RoleResource[];
}

/** The stacks beside the broker's, as they are deployed. */
export interface RoleStacks {
  /** What the broker's stack depends on. */
  readonly before: readonly RoleStack[];
  readonly after: readonly RoleStack[];
}

/**
 * The roles of every stack beside the broker's. Those of the broker's account may carry managed policies
 * of its stack.
 *
 * @param accounts the accounts that the sandbox has
 * @throws Error for a stack of another account, with anything but roles, or in no order with the
 *   broker's in its account
 */
export function roleStacks(
  dir: string,
  broker: Assembly,
  place: Place,
  accounts: readonly string[],
): RoleStacks {
  const managed = resolveTemplate(broker.template, place).ofType("AWS::IAM::ManagedPolicy");
  const all = assemblyStacks(dir);
  const first = all.find(({ name }) => name === broker.stackName)?.dependencies ?? [];
  const others = all.filter(({ name }) => name !== broker.stackName);
  const stackOf = ({ name, account = place.account, dependencies }: (typeof all)[number]) => {
    if (!accounts.includes(account))
      throw new Error(
        `${name} is for account ${account}. The sandbox has ${accounts.join(" and ")} alone.`,
      );
    const isOrdered = first.includes(name) || dependencies.includes(broker.stackName);
    if (account === place.account && !isOrdered)
      throw new Error(`${name} could be deployed before ${broker.stackName}.`);
    const template = loadTemplate(dir, name);
    const other = Object.values(template.Resources).find(({ Type }) => !TYPES.includes(Type));
    if (other) throw new Error(`${name}: the sandbox does not emulate ${other.Type} there.`);
    const resolved = resolveTemplate(template, { ...place, account, stackName: name });
    return { name, roles: rolesOf(resolved, account === place.account ? managed : []) };
  };
  return {
    before: others.filter(({ name }) => first.includes(name)).map(stackOf),
    after: others.filter(({ name }) => !first.includes(name)).map(stackOf),
  };
}
