/**
 * The subjects of notices: a request, named by its id, a finding, a delegation, or a record of the
 * chain of stops. One record of notices, and one message group of the queue, is about one subject.
 */

const FINDING = "finding-";
const DELEGATION = "delegation-";
const STOP = "stop-";

export const findingSubject = (findingId: string): string => `${FINDING}${findingId}`;
export const delegationSubject = (delegationId: string): string => `${DELEGATION}${delegationId}`;
/** @param seq the number of a record */
export const stopSubject = (seq: number): string => `${STOP}${seq}`;

/** A subject that notify could know; undefined where the text names none. */
export type Subject =
  | { readonly kind: "request"; readonly requestId: string }
  | { readonly kind: "finding"; readonly findingId: string }
  | { readonly kind: "delegation"; readonly delegationId: string }
  | { readonly kind: "stop"; readonly seq: number };

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FINDING_ID = /^[0-9a-f]{32}$/;
const STOP_SEQ = /^[1-9][0-9]{0,5}$/;

/** Reads the name of a subject. */
export function parseSubject(subject: string): Subject | undefined {
  if (UUID.test(subject)) return { kind: "request", requestId: subject };
  const findingId = after(FINDING, subject);
  if (FINDING_ID.test(findingId)) return { kind: "finding", findingId };
  const delegationId = after(DELEGATION, subject);
  if (UUID.test(delegationId)) return { kind: "delegation", delegationId };
  const seq = after(STOP, subject);
  return STOP_SEQ.test(seq) ? { kind: "stop", seq: Number(seq) } : undefined;
}

/** The text after a prefix; empty where the text begins otherwise. */
const after = (prefix: string, text: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : "";
