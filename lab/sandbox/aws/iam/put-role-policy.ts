import { AwsError, type Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { isManaged } from "./managed-policy.ts";
import { parseIdentityPolicy } from "./policy-document.ts";
import { onlyMembers, roleCheck, roleNamed, textIn } from "./role-name.ts";
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
