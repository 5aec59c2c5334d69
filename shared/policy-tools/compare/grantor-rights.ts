/** What a policy lets the grantor roles do in IAM, a right each: from the statements themselves. */
import type { ConditionBlock, GrantorStatement } from "../../domain/grantors/grantor-statement.ts";
import { groupsGrantorStatements } from "../../domain/grantors/groups-grantor.ts";
import { policiesGrantorStatements } from "../../domain/grantors/policies-grantor.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { clusterOf } from "../../domain/values/arn.ts";

/** One action of one statement, on one resource, for one principal and one access policy. */
export interface GrantorRight {
  /** What the role lends. */
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

const PRINCIPAL = "eks:principalArn";
const POLICY = "eks:policyArn";
const NAMESPACES = "eks:namespaces";
/** The broker's own roles bound no statement that depends on the policy. */
const NO_ROLES: readonly string[] = [];

/** In the order of the statements. */
export function grantorRights(policy: AccessPolicy): readonly GrantorRight[] {
  const accounts = new Set(Object.values(policy.clusters).map(({ arn }) => clusterOf(arn).account));
  return [...accounts].flatMap((account) =>
    [
      ["access policies", policiesGrantorStatements] as const,
      ["Kubernetes groups", groupsGrantorStatements] as const,
    ].flatMap(([role, statementsOf]) =>
      statementsOf(policy, account, NO_ROLES).flatMap((statement) =>
        rightsOf(statement).map((right) => ({ role, account, ...right })),
      ),
    ),
  );
}

function rightsOf(statement: GrantorStatement): readonly Omit<GrantorRight, "role" | "account">[] {
  const { Sid, Effect, Action, Resource, Condition = {} } = statement;
  const bounds = Condition["ArnEquals"] ?? {};
  const common = {
    statement: Sid.replace(/\d+$/, ""),
    effect: Effect,
    namespaces: listOf(Condition["ForAllValues:StringLike"]?.[NAMESPACES]),
    condition: Object.fromEntries(
      Object.entries(Condition).filter(([operator]) => operator !== "ArnEquals"),
    ),
  };
  return Action.flatMap((action) =>
    Resource.flatMap((resource) =>
      boundsOf(bounds[PRINCIPAL]).flatMap((principal) =>
        boundsOf(bounds[POLICY]).map((policy) => ({
          ...common,
          action,
          resource,
          principal,
          policy,
        })),
      ),
    ),
  );
}

const listOf = (values: string | readonly string[] | undefined): readonly string[] =>
  values === undefined ? [] : typeof values === "string" ? [values] : values;

/** The values of a bound, or none once where there is no bound. An empty bound allows nothing. */
const boundsOf = (values: string | readonly string[] | undefined): readonly (string | null)[] =>
  values === undefined ? [null] : listOf(values);
