/** Reads the stacks of the assembly that make nothing but IAM roles: people's own. */
import { type Assembly, assemblyStacks, loadTemplate } from "./assembly.ts";
import { resolveTemplate } from "./resolve.ts";
import type { Place } from "./resource-type.ts";
import { rolesOf } from "./roles.ts";
import type { RoleResource } from "./stack.ts";

const TYPES = ["AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::CDK::Metadata"];

/**
 * The roles of every stack beside the broker's, in the order of the manifest. They may carry managed
 * policies of the broker's stack, which is deployed first.
 *
 * @throws Error for a stack of another account, or with anything else in it
 */
export function rolesBeside(dir: string, broker: Assembly, place: Place): readonly RoleResource[] {
  const managed = resolveTemplate(broker.template, place).ofType("AWS::IAM::ManagedPolicy");
  return assemblyStacks(dir)
    .filter(({ name }) => name !== broker.stackName)
    .flatMap(({ name, account, dependencies }) => {
      if (account !== undefined && account !== place.account)
        throw new Error(
          `${name} is for account ${account}. The sandbox has ${place.account} alone.`,
        );
      if (!dependencies.includes(broker.stackName))
        throw new Error(`${name} could be deployed before ${broker.stackName}.`);
      const template = loadTemplate(dir, name);
      const other = Object.values(template.Resources).find(({ Type }) => !TYPES.includes(Type));
      if (other) throw new Error(`${name}: the sandbox does not emulate ${other.Type} there.`);
      return rolesOf(resolveTemplate(template, { ...place, stackName: name }), managed);
    });
}
