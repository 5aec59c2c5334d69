/**
 * What notices are about: a request, named by its id, or a finding. One record of notices, and one
 * message group of the queue, is about one subject.
 */

const FINDING = "finding-";

export const findingSubject = (findingId: string): string => `${FINDING}${findingId}`;

/** A subject that notify could know; undefined where the text names none. */
export type Subject =
  | { readonly kind: "request"; readonly requestId: string }
  | { readonly kind: "finding"; readonly findingId: string };

const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FINDING_ID = /^[0-9a-f]{32}$/;

/** Reads the name of a subject. */
export function parseSubject(subject: string): Subject | undefined {
  if (REQUEST_ID.test(subject)) return { kind: "request", requestId: subject };
  const findingId = subject.slice(FINDING.length);
  return subject.startsWith(FINDING) && FINDING_ID.test(findingId)
    ? { kind: "finding", findingId }
    : undefined;
}
