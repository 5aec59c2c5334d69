import { externalIdOf } from "../../../shared/domain/values/deployment.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { spokeRoles as expected, type SpokeRole } from "../expected-names.ts";
import { makeIt, undoIt } from "../remedies.ts";
import type { AccountSight } from "../sights.ts";

/** In each other account, the roles for fuses, events and reads are there, and trust whom they should. */
export const spokeRoles: Check = {
  name: "spoke-roles",
  needs: ["iam:GetRole"],
  async look(patient) {
    const { others } = patient;
    if (others.size === 0) return [well("no other account has clusters")];
    const results: CheckResult[] = [];
    for (const [account, sight] of others)
      if (sight) results.push(await judged(patient, account, sight));
    return results;
  },
};

async function judged(
  patient: Patient,
  account: string,
  sight: AccountSight,
): Promise<CheckResult> {
  const roles = expected(patient.policy, account);
  const missing: string[] = [];
  const strange: string[] = [];
  // One after the other: IAM has one limit of calls for the whole account.
  for (const role of roles) {
    const found = await sight.role(role.name);
    if (!found) missing.push(`${role.name} is missing`);
    else if (!trustsAlone(patient, role, found.trust))
      strange.push(`${role.name} does not trust ${role.trusts} alone as synthesized`);
  }
  const wrong = [...missing, ...strange];
  if (wrong.length === 0)
    return well(`all ${roles.length} exist, and trust whom they should`, account);
  const next = missing.length > 0 ? makeIt : undoIt;
  return ill(wrong.join("; "), next(`deploy the stack of account ${account}`), account);
}

/** A service of AWS; or a function's role, with the external id of this hub and deployment. Nobody beside it. */
function trustsAlone({ account: hub, deployment }: Patient, role: SpokeRole, trust: unknown) {
  const [statement, ...more] = statementsOf(trust);
  const [principal, ...others] = Object.values(statement?.Principal ?? {}).flat();
  if (more.length > 0 || others.length > 0) return false;
  if (role.trusts.includes(".amazonaws.com")) return principal === role.trusts;
  const text = JSON.stringify(statement);
  return (
    String(principal).endsWith(`:iam::${hub}:root`) &&
    text.includes(`:iam::${hub}:role/${role.trusts}"`) &&
    text.includes(`"${externalIdOf(deployment, hub)}"`)
  );
}

interface TrustStatement {
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
}

/** IAM takes a list of one as its element. */
const statementsOf = (trust: unknown): readonly TrustStatement[] =>
  [(trust as { readonly Statement?: TrustStatement | TrustStatement[] }).Statement ?? []].flat();
