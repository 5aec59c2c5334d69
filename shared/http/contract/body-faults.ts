import type * as z from "zod/mini";
import { escaped } from "../../domain/values/strict-json.ts";
import type { Fault } from "./answers.ts";

/** The faults that a schema finds in a body, with RFC 6901 pointers. */
export const bodyFaults = ({ issues }: Pick<z.core.$ZodError, "issues">): readonly Fault[] =>
  issues.flatMap(faultsOf);

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  const at = (path: readonly PropertyKey[]) =>
    path.map((key) => `/${escaped(String(key))}`).join("");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      pointer: at([...issue.path, key]),
      detail: "Unknown member; leave it out.",
    }));
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // The branch that came closest is the most helpful: the one with the deepest faults.
    const depth = (issues: readonly z.core.$ZodIssue[]) =>
      Math.max(0, ...issues.map(({ path }) => path.length));
    const closest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    return closest.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [{ pointer: at(issue.path), detail: issue.message }];
}
