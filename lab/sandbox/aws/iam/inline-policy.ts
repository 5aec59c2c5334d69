import { noSuchEntity, textIn } from "./role-name.ts";
import type { IamRole, PolicyDocument } from "./state.ts";

/**
 * The role's policy that `PolicyName` names.
 * @throws AwsError `NoSuchEntity` 404
 */
export function inlinePolicy(
  role: IamRole,
  input: Record<string, unknown>,
): { readonly name: string; readonly document: PolicyDocument } {
  const name = textIn(input, "PolicyName", /^[\w+=,.@-]{1,128}$/);
  const document = Object.hasOwn(role.policies, name) ? role.policies[name] : undefined;
  if (!document) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return { name, document };
}
