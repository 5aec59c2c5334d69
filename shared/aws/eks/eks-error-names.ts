/** Errors of EKS under names that mean one thing each. */
import { CallFailed, type CallRecord } from "../../ports/access-entries.ts";
import type { Classified } from "../calls/classify-failure.ts";

const NOT_FOUND = "ResourceNotFoundException";

/** What the text of an error alone says, and the name that it has here. */
const BY_TEXT: readonly {
  readonly name: string;
  readonly text: RegExp;
  readonly code: string;
}[] = [
  { name: NOT_FOUND, text: /^No cluster found/i, code: "ClusterNotFound" },
  {
    name: "InvalidRequestException",
    text: /authentication mode must be set to one of/i,
    code: "AuthenticationModeConfigMap",
  },
  {
    name: "InvalidParameterException",
    text: /principalArn is invalid: invalid principal/i,
    code: "InvalidPrincipal",
  },
];

/** An error of any call to EKS. */
export function namedByText(failed: Classified, message: string): Classified {
  const known = BY_TEXT.find(({ name, text }) => name === failed.code && text.test(message));
  return known ? { ...failed, code: known.code } : failed;
}

/**
 * An error of a call for an entry that may be new: just after its creation, EKS may not find it
 * yet. https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
export function namedForNewEntry(failed: Classified, message: string): Classified {
  const notYet = failed.code === NOT_FOUND && /principalArn could not be found/i.test(message);
  return notYet ? { ...failed, failure: "throttled" } : namedByText(failed, message);
}

/** An answer, or the record alone where the thing was not there. */
export async function orAbsent<Answer extends { readonly record: CallRecord }>(
  answer: Promise<Answer>,
): Promise<Answer | { readonly record: CallRecord }> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CallFailed && error.code === NOT_FOUND) return { record: error.record };
    throw error;
  }
}

/** EKS answered, but left out what it always says: what is there is not known. */
export const incomplete = (record: CallRecord, missing: string): CallFailed =>
  new CallFailed("unknown", "IncompleteAnswer", `${record.operation} answered no ${missing}.`, {
    ...record,
    result: "IncompleteAnswer",
  });
