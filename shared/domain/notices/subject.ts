/**
 * What notices are about. One record of notices, and one message group of the queue, is about one
 * subject. A request is named by its id.
 */
export interface Subject {
  readonly kind: "request";
  readonly requestId: string;
}

const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads the name of a subject; undefined where the text names nothing that notify could know. */
export const parseSubject = (subject: string): Subject | undefined =>
  REQUEST_ID.test(subject) ? { kind: "request", requestId: subject } : undefined;
