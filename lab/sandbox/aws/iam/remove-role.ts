import type { IamRole, IamState, PolicyDocument } from "./state.ts";

/**
 * Takes a role away. Trust policies that name it keep its unique id in place of its ARN, so that a role which is made
 * again under the same ARN is another principal to them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export function removeRole(state: IamState, arn: string): void {
  const gone = state.roles[arn];
  delete state.roles[arn];
  if (gone === undefined) return;
  for (const role of Object.values(state.roles)) {
    const document = withoutRole(role.assumeRolePolicyDocument, gone);
    if (document !== role.assumeRolePolicyDocument)
      state.roles[role.arn] = { ...role, assumeRolePolicyDocument: document };
  }
}

/** The same document where it does not name the role. */
function withoutRole(document: PolicyDocument, { arn, roleId }: IamRole): PolicyDocument {
  const statements = [document["Statement"]].flat();
  const changed = statements.map((statement) => withoutPrincipal(statement, arn, roleId));
  return changed.some((statement, at) => statement !== statements[at])
    ? { ...document, Statement: changed }
    : document;
}

function withoutPrincipal(statement: unknown, arn: string, roleId: string): unknown {
  if (typeof statement !== "object" || statement === null || !("Principal" in statement))
    return statement;
  const { Principal: principal } = statement;
  if (typeof principal !== "object" || principal === null || !("AWS" in principal))
    return statement;
  const named = [principal.AWS].flat();
  if (!named.includes(arn)) return statement;
  const AWS = named.map((one) => (one === arn ? roleId : one));
  return { ...statement, Principal: { ...principal, AWS } };
}
