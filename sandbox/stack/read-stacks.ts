import { loadAssembly } from "../template/assembly.ts";
import { loadStack } from "../template/load-stack.ts";
import type { Place } from "../template/resource-type.ts";
import { roleStacks } from "../template/role-stacks.ts";
import type { RoleResource, Stack } from "../template/stack.ts";
import { ACCOUNT, SPOKE_ACCOUNT } from "../world/account.ts";
import { demandTrustedPrincipals } from "./trusted-principals.ts";

interface Stacks {
  /** The broker's. */
  readonly stack: Stack;
  /** Of all stacks. */
  readonly roles: readonly RoleResource[];
}

/**
 * Reads every stack of the assembly in `dir`, as `cdk deploy --all` would deploy them.
 *
 * @param existing ARNs of the roles that no stack makes
 * @throws Error for a stack that the sandbox does not emulate, or that IAM would refuse
 */
export function readStacks(dir: string, place: Place, existing: readonly string[]): Stacks {
  const assembly = loadAssembly(dir, place.stackName);
  const stack = loadStack(assembly, place);
  const { before, after } = roleStacks(dir, assembly, place, [ACCOUNT, SPOKE_ACCOUNT]);
  const inOrder = [...before, { name: place.stackName, roles: stack.roles }, ...after];
  demandTrustedPrincipals(existing, inOrder);
  return { stack, roles: inOrder.flatMap(({ roles }) => roles) };
}
