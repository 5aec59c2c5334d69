const REFUSED =
  /assumed-role\/timelatch-[a-z]+\/Timelatch-\w*Function\w* is not authorized to perform: \S+ on resource: arn:\S+ (?:because|with an explicit deny)/g;

/**
 * The calls that IAM refused to a function of the deployment, once each, by what the sandbox printed: a right that its
 * role lacks. A fault that refuses a call names no resource.
 */
export const refusedCalls = (log: string): readonly string[] => [
  ...new Set([...log.matchAll(REFUSED)].map(([text]) => text)),
];
