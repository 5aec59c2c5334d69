import type { AwsError } from "../service.ts";

/** One rule of EKS: the error it raises for this subject, or nothing. */
export type Check<Subject> = (subject: Subject) => AwsError | undefined;

/** Applies rules in order; throws the first error. The order is part of the API's behaviour. */
export function enforce<Subject>(subject: Subject, checks: readonly Check<Subject>[]): void {
  for (const check of checks) {
    const error = check(subject);
    if (error !== undefined) throw error;
  }
}
