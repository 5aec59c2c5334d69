import { canonicalJson } from "../../../shared/domain/values/canonical-json.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { eachAccount } from "../each-account.ts";
import { type ExpectedRole, personalRolesIn } from "../expected-names.ts";
import { makeIt, undoIt } from "../remedies.ts";
import type { AccountSight } from "../sights.ts";

/** How many people a result names. */
const NAMED = 5;

/** Each person's own role exists, and trusts that person as access.yaml says. */
export const personalRoles: Check = {
  name: "personal-roles",
  needs: ["iam:GetRole"],
  look: (patient) => eachAccount(patient, (account, sight) => inAccount(patient, account, sight)),
};

async function inAccount(
  { policy }: Patient,
  account: string,
  sight: AccountSight,
): Promise<readonly CheckResult[]> {
  const expected = personalRolesIn(policy, account);
  if (expected.length === 0) return [];
  const missing: string[] = [];
  const strange: string[] = [];
  for (const { person, name, trust } of expected) {
    const role = await sight.role(name);
    if (!role) missing.push(person);
    else if (!isSame(role.trust, trust)) strange.push(person);
  }
  const deploy = "deploy the stacks of people";
  const results = [
    ...(missing.length > 0
      ? [ill(`no role of their own: ${some(missing)}`, makeIt(deploy), account)]
      : []),
    ...(strange.length > 0
      ? [
          ill(
            `their roles trust others than access.yaml says: ${some(strange)}`,
            undoIt(deploy),
            account,
          ),
        ]
      : []),
  ];
  return results.length > 0
    ? results
    : [well(`${expected.length} people have a role that trusts them alone`, account)];
}

/** IAM answers a list of one as its element. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 1 ? plain(value[0]) : value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
};

const isSame = (found: unknown, expected: ExpectedRole["trust"]): boolean =>
  canonicalJson(plain(found) as object) === canonicalJson(plain(expected) as object);

const some = (people: readonly string[]): string =>
  people.length > NAMED
    ? `${people.slice(0, NAMED).join(", ")} and ${people.length - NAMED} more`
    : people.join(", ");
