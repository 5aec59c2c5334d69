/**
 * Rights that a policy gives the grantor roles in IAM, one by one: from the statements themselves.
 */
import type { ConditionBlock, GrantorStatement } from "../../domain/grantors/grantor-statement.ts";
import { groupsGrantorStatements } from "../../domain/grantors/groups-grantor.ts";
import { policiesGrantorStatements } from "../../domain/grantors/policies-grantor.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";

/** One action of one statement, on one resource, for one principal and one access policy. */
export interface GrantorRight {
  /** The kind of access that the role lends. */
  readonly role: "access policies" | "Kubernetes groups";
  readonly account: string;
  /** The statement's id, without a number at its end. */
  readonly statement: string;
  readonly effect: "Allow" | "Deny";
  readonly action: string;
  readonly resource: string;
  /** ARNs; null where the statement bounds none. */
  readonly principal: string | null;
  readonly policy: string | null;
  /** The namespaces that the condition lists: patterns of IAM. */
  readonly namespaces: readonly string[];
  /** The rest of the condition. */
  readonly condition: ConditionBlock;
}

/** The operator under which allows name principals and access policies. */
const BOUNDS = "ArnLike";
const PRINCIPAL = "eks:principalArn";
const POLICY = "eks:policyArn";
const NAMESPACES = "eks:namespaces";
/** The broker's own roles bound no statement that depends on the policy. */
const NO_ROLES: readonly string[] = [];

/**
 * In the order of the statements, by a key that is the same for the same right of another policy.
 *
 * @param withGroups accounts with the role for Kubernetes groups
 */
export function grantorRights(
  policy: AccessPolicy,
  withGroups: readonly string[],
): ReadonlyMap<string, GrantorRight> {
  const accounts = new Set(Object.values(policy.clusters).map(({ arn }) => clusterOf(arn).account));
  const rights = new Map<string, GrantorRight>();
  for (const account of accounts)
    for (const [role, statementsOf] of withGroups.includes(account) ? ROLES : [FOR_POLICIES])
      for (const statement of statementsOf(policy, account, NO_ROLES))
        for (const [key, right] of rightsOf(statement, { role, account })) rights.set(key, right);
  return rights;
}

const FOR_POLICIES = ["access policies", policiesGrantorStatements] as const;
const ROLES = [FOR_POLICIES, ["Kubernetes groups", groupsGrantorStatements] as const];

type KeyedRight = readonly [string, GrantorRight];

function rightsOf(
  { Sid, Effect, Action, Resource, Condition = {} }: GrantorStatement,
  of: Pick<GrantorRight, "role" | "account">,
): readonly KeyedRight[] {
  const bounds = Condition[BOUNDS] ?? {};
  const common = {
    ...of,
    statement: Sid.replace(/\d+$/, ""),
    effect: Effect,
    namespaces: listOf(Condition["ForAllValues:StringLike"]?.[NAMESPACES]),
    condition: Object.fromEntries(
      Object.entries(Condition).filter(([operator]) => operator !== BOUNDS),
    ),
  };
  // A statement has one condition for thousands of rights.
  const hash = hashOf(common);
  return Action.flatMap((action) =>
    Resource.flatMap((resource) =>
      boundsOf(bounds[PRINCIPAL]).flatMap((principal) =>
        boundsOf(bounds[POLICY]).map((policy): KeyedRight => {
          const bound = { action, resource, principal, policy };
          const key = [hash, action, resource, principal, policy].join(" ");
          return [key, { ...common, ...bound }];
        }),
      ),
    ),
  );
}

const listOf = (values: string | readonly string[] | undefined): readonly string[] =>
  values === undefined ? [] : typeof values === "string" ? [values] : values;

/** The values of a bound, or none once where there is no bound. An empty bound allows nothing. */
const boundsOf = (values: string | readonly string[] | undefined): readonly (string | null)[] =>
  values === undefined ? [null] : listOf(values);
