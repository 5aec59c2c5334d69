/** The form of a grantor role's IAM statements, and how they are combined. Pure. */

export type ConditionBlock = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

/** One statement of an IAM policy, in IAM's own words. */
export interface GrantorStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: ConditionBlock;
}

/**
 * How closely a grantor's statements follow the rules. `coarse` is for policies that IAM would not
 * take otherwise: docs/adr/0025-grantor-policy-size.md says what it allows beyond.
 */
export type Precision = "exact" | "coarse";

/**
 * A block that holds where all of them do. Where blocks share operator and key, the last one
 * counts.
 */
export const allOf = (...blocks: readonly ConditionBlock[]): ConditionBlock => {
  const joined: Record<string, Record<string, string | readonly string[]>> = {};
  for (const block of blocks)
    for (const [operator, keys] of Object.entries(block))
      joined[operator] = { ...joined[operator], ...keys };
  return joined;
};

/**
 * Joins statements that differ only in their resources, or only in their access policies, since IAM
 * counts characters. An id that occurs again gets a number, since ids are unique within a policy.
 */
export const policyOf = (statements: readonly GrantorStatement[]): readonly GrantorStatement[] =>
  numbered(joined(joined(statements, RESOURCES), ACCESS_POLICIES));

/** A list of a statement whose values are alternatives: one of them must match. */
export interface ListOfAlternatives {
  /** Undefined where the statement has no such list. */
  readonly listOf: (statement: GrantorStatement) => readonly string[] | undefined;
  readonly replaced: (statement: GrantorStatement, list: readonly string[]) => GrantorStatement;
}

export const RESOURCES: ListOfAlternatives = {
  listOf: ({ Resource: resources }) => resources,
  replaced: (statement, list) => ({ ...statement, Resource: list }),
};

/** @param operator a positive one, which holds where one of the values matches */
const boundBy = (operator: "ArnLike" | "StringLike", key: string): ListOfAlternatives => ({
  listOf: ({ Condition: condition }) => {
    const list = condition?.[operator]?.[key];
    return typeof list === "string" ? [list] : list;
  },
  replaced: (statement, list) => ({
    ...statement,
    Condition: {
      ...statement.Condition,
      [operator]: { ...statement.Condition?.[operator], [key]: list },
    },
  }),
});

export const ACCESS_POLICIES = boundBy("ArnLike", "eks:policyArn");
export const PRINCIPALS = boundBy("ArnLike", "eks:principalArn");
/** The same by their last part, below a path that `PRINCIPALS` has. */
export const PRINCIPAL_NAMES = boundBy("StringLike", "eks:principalArn");

/** Statements that are the same but for one list become one. */
function joined(
  statements: readonly GrantorStatement[],
  { listOf, replaced }: ListOfAlternatives,
): readonly GrantorStatement[] {
  const byRest = new Map<string, GrantorStatement>();
  for (const statement of statements) {
    const list = listOf(statement);
    const key = JSON.stringify(list ? replaced(statement, []) : statement);
    const before = byRest.get(key);
    const together = new Set([...((before && listOf(before)) ?? []), ...(list ?? [])]);
    byRest.set(key, list ? replaced(statement, [...together]) : statement);
  }
  return [...byRest.values()];
}

/** Ids that occur once. */
export function numbered(statements: readonly GrantorStatement[]): readonly GrantorStatement[] {
  const used = new Map<string, number>();
  return statements.map((statement) => {
    const sid = statement.Sid.replace(/\d+$/, "");
    const count = (used.get(sid) ?? 0) + 1;
    used.set(sid, count);
    return { ...statement, Sid: count === 1 ? sid : `${sid}${count}` };
  });
}
