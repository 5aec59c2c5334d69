import { GetRoleCommand } from "@aws-sdk/client-iam";
import { parsePrincipalArn } from "../../domain/values/arn.ts";
import { type AccessEntries, CallFailed } from "../../ports/access-entries.ts";
import type { AwsCaller } from "../calls/aws-call.ts";
import type { GrantorSessions } from "./grantor-sessions.ts";

const NO_SUCH_ENTITY: ReadonlySet<string> = new Set(["NoSuchEntityException", "NoSuchEntity"]);

/** Looks up the principal behind an ARN in the IAM of the cluster's account. */
export const iamPrincipals = (
  call: AwsCaller,
  sessions: GrantorSessions,
  now: () => string,
): Pick<AccessEntries, "principal"> => ({
  async principal({ cluster, principalArn }, session) {
    const { sessionName } = session;
    const principal = parsePrincipalArn(principalArn);
    const unreadable = whyUnreadable(principal, cluster.account);
    if (!principal || unreadable)
      throw new CallFailed("refused", "PrincipalUnreadable", unreadable ?? "", {
        operation: "GetRole",
        requestId: null,
        sessionName,
        at: now(),
        result: "PrincipalUnreadable",
      });
    const command = new GetRoleCommand({ RoleName: principal.name });
    try {
      const { output } = await sessions({ cluster, role: "policies", session }, ({ iam }) =>
        call({
          operation: "GetRole",
          sessionName,
          isRead: true,
          send: (within) => iam.send(command, within),
        }),
      );
      // Role names are unique across paths, so the name may now belong to a role with another path.
      const { Arn, RoleId, CreateDate } = output.Role ?? {};
      if (Arn !== principalArn || !RoleId || !CreateDate) return undefined;
      return { id: RoleId, createdAt: CreateDate.toISOString() };
    } catch (error) {
      if (error instanceof CallFailed && NO_SUCH_ENTITY.has(error.code)) return undefined;
      throw error;
    }
  },
});

function whyUnreadable(
  principal: ReturnType<typeof parsePrincipalArn>,
  account: string,
): string | undefined {
  if (principal?.kind !== "role")
    return "Only the unique id of an IAM role can be read. Nothing was called; lend to a role.";
  if (principal.account !== account)
    return `The role is in account ${principal.account}, where the grantor role of ${account} cannot read it. Nothing was called.`;
  return undefined;
}
