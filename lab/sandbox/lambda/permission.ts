/** A function's resource policy: which service may invoke it, for which of its resources. */
import type { FunctionPermission } from "../template/stack.ts";

const wildcards = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  );

/** IAM's ArnLike: each of the six parts between colons is compared, `*` and `?` matching within it. */
function arnLike(pattern: string, arn: string): boolean {
  const parts = (text: string) => {
    const pieces = text.split(":");
    return [...pieces.slice(0, 5), pieces.slice(5).join(":")];
  };
  const given = parts(arn);
  return parts(pattern).every((part, index) => wildcards(part).test(given[index] ?? ""));
}

/** Whether `principal` (`events.amazonaws.com`), acting for `sourceArn`, may invoke the function. */
export function mayInvoke(
  permissions: readonly FunctionPermission[],
  functionArn: string,
  principal: string,
  sourceArn: string,
): boolean {
  return permissions.some(
    (permission) =>
      permission.functionArn === functionArn &&
      permission.principal === principal &&
      (permission.sourceArn === undefined || arnLike(permission.sourceArn, sourceArn)),
  );
}
