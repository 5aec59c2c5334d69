/** Shorter conditions for many principals whose names share a path. Pure. */
import {
  type GrantorStatement,
  PRINCIPAL_NAMES,
  PRINCIPALS,
} from "../../shared/domain/grantors/grantor-statement.ts";

/** Fewer are not worth three conditions in place of one. */
const WORTHWHILE = 8;

/**
 * The same statement, in which principals of one account and path are named only by their last
 * part. IAM has no list of names below a path. So one condition asks for the path, one for no
 * further path below it, and one lists the names. Together they match the listed ARNs and no
 * others.
 */
export function compactPrincipals(statement: GrantorStatement): readonly GrantorStatement[] {
  const principals = PRINCIPALS.listOf(statement);
  if (statement.Effect !== "Allow" || !principals) return [statement];
  const byPath = Map.groupBy(principals, (arn) => arn.slice(0, arn.lastIndexOf("/") + 1));
  const many = [...byPath].filter(
    ([path, arns]) => arns.length >= WORTHWHILE && ![path, ...arns].some(isPattern),
  );
  const shortened = new Set(many.flatMap(([, arns]) => arns));
  const rest = principals.filter((arn) => !shortened.has(arn));
  return [
    ...many.map(([path, arns]) => belowPath(statement, path, arns)),
    ...(rest.length > 0 ? [PRINCIPALS.replaced(statement, rest)] : []),
  ];
}

const isPattern = (arn: string): boolean => /[*?$]/.test(arn) || !arn.includes("/");

function belowPath(
  statement: GrantorStatement,
  path: string,
  arns: readonly string[],
): GrantorStatement {
  const names = arns.map((arn) => `*/${arn.slice(path.length)}`);
  const named = PRINCIPAL_NAMES.replaced(PRINCIPALS.replaced(statement, [`${path}*`]), names);
  return {
    ...named,
    Condition: { ...named.Condition, ArnNotLike: { "eks:principalArn": `${path}*/*` } },
  };
}
