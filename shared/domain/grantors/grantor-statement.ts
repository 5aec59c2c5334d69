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

/** A longer list becomes several statements: a managed policy may hold 6,144 characters. */
const PRINCIPALS_A_STATEMENT = 40;

/** Principal ARNs in lists that fit into a statement each. */
export const principalChunks = (principalArns: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(principalArns.length / PRINCIPALS_A_STATEMENT) }, (_, index) =>
    principalArns.slice(index * PRINCIPALS_A_STATEMENT, (index + 1) * PRINCIPALS_A_STATEMENT),
  );

/** A block that holds where all of them do. Of one key under one operator, the last block counts. */
export const allOf = (...blocks: readonly ConditionBlock[]): ConditionBlock => {
  const joined: Record<string, Record<string, string | readonly string[]>> = {};
  for (const block of blocks)
    for (const [operator, keys] of Object.entries(block))
      joined[operator] = { ...joined[operator], ...keys };
  return joined;
};

/**
 * Joins statements that differ in their resources alone, since IAM counts characters. An id that
 * occurs again gets a number, since ids are unique within a policy.
 */
export function policyOf(statements: readonly GrantorStatement[]): readonly GrantorStatement[] {
  const joined = new Map<string, GrantorStatement>();
  for (const statement of statements) {
    const { Resource: resources, ...rest } = statement;
    const key = JSON.stringify(rest);
    const before = joined.get(key)?.Resource ?? [];
    joined.set(key, { ...statement, Resource: [...new Set([...before, ...resources])] });
  }
  const used = new Map<string, number>();
  return [...joined.values()].map((statement) => {
    const count = (used.get(statement.Sid) ?? 0) + 1;
    used.set(statement.Sid, count);
    return count === 1 ? statement : { ...statement, Sid: `${statement.Sid}${count}` };
  });
}
