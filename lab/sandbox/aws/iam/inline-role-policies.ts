import { AwsError, type Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { isManaged } from "./managed-policy.ts";
import { pageOf } from "./page.ts";
import { encodeDocument, parseIdentityPolicy } from "./policy-document.ts";
import { noSuchEntity, onlyMembers, roleCheck, roleNamed, textIn } from "./role-name.ts";
import type { IamRole, IamState, PolicyDocument } from "./state.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
export function putRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:PutRolePolicy", input),
    run: ({ input }) => {
      onlyMembers(input, ["RoleName", "PolicyName", "PolicyDocument"]);
      const role = roleNamed(iam.state, input);
      const name = textIn(input, "PolicyName", /^[\w+=,.@-]{1,128}$/);
      const document = parseIdentityPolicy(input["PolicyDocument"]);
      demandRoom(role, name, document);
      iam.change((state) => {
        state.roles[role.arn] = { ...role, policies: { ...role.policies, [name]: document } };
      });
      return undefined;
    },
  };
}

/** The limit for all inline policies of a role together, without white space. */
const MOST_CHARACTERS = 10_240;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
function demandRoom({ policies, roleName }: IamRole, name: string, document: PolicyDocument): void {
  const inline = Object.entries({ ...policies, [name]: document }).filter(
    ([key]) => !isManaged(key),
  );
  const size = inline.reduce((sum, [, each]) => sum + JSON.stringify(each).length, 0);
  if (size > MOST_CHARACTERS)
    throw new AwsError(
      "LimitExceeded",
      409,
      `Maximum policy size of ${MOST_CHARACTERS} bytes exceeded for role ${roleName}`,
    );
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export function getRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:GetRolePolicy", input),
    run: ({ input }) => {
      const role = roleNamed(iam.state, input);
      const { name, document } = inlinePolicy(role, input);
      return {
        RoleName: role.roleName,
        PolicyName: name,
        PolicyDocument: encodeDocument(document),
      };
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html */
export function listRolePolicies(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:ListRolePolicies", input),
    run: ({ input }) => {
      const { policies } = roleNamed(iam.state, input);
      const names = Object.keys(policies)
        .filter((name) => !isManaged(name))
        .sort();
      const page = pageOf(names, (name: string) => name, input);
      return { PolicyNames: page.items, IsTruncated: page.isTruncated, Marker: page.marker };
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html */
export function deleteRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:DeleteRolePolicy", input),
    run: ({ input }) => {
      const role = roleNamed(iam.state, input);
      const { name } = inlinePolicy(role, input);
      iam.change((state) => {
        const { [name]: _gone, ...policies } = role.policies;
        state.roles[role.arn] = { ...role, policies };
      });
      return undefined;
    },
  };
}

/**
 * The role's policy that `PolicyName` names.
 * @throws AwsError `NoSuchEntity` 404
 */
function inlinePolicy(
  role: IamRole,
  input: Record<string, unknown>,
): { readonly name: string; readonly document: PolicyDocument } {
  const name = textIn(input, "PolicyName", /^[\w+=,.@-]{1,128}$/);
  const document = Object.hasOwn(role.policies, name) ? role.policies[name] : undefined;
  if (!document) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return { name, document };
}
