/** Exit codes, for scripts. `timelatch --help` prints this table. */
export const EXIT_CODES = {
  done: { code: 0, meaning: "done" },
  unexpected: { code: 1, meaning: "unexpected: a bug in timelatch itself" },
  usage: { code: 2, meaning: "wrong usage; nothing was sent" },
  refused: {
    code: 3,
    meaning: "refused: policy, forbidden, invalid input or no valid credentials",
  },
  notFound: { code: 4, meaning: "not found, or not yours to see" },
  conflict: {
    code: 5,
    meaning: "conflict: the state changed, a duplicate, or a different digest",
  },
  unavailable: { code: 6, meaning: "cannot reach the API, or it is unavailable" },
  noAccess: {
    code: 7,
    meaning: "the request ended without access: denied, lapsed, failed or cancelled",
  },
  unverified: { code: 8, meaning: "audit verification failed" },
  timeout: { code: 9, meaning: "--timeout passed while waiting; the request stays as it is" },
  unwritten: { code: 10, meaning: "the output could not be written whole" },
  faulty: { code: 11, meaning: "a policy file has faults, or does not do what is expected of it" },
  undeployed: { code: 12, meaning: "a stack is not deployed, or not gone, as it was to be" },
  unwell: { code: 13, meaning: "timelatch doctor found something that is not well" },
  remains: {
    code: 14,
    meaning: "after --all, or a stop with --wait, something remains, or it is not known",
  },
  interrupted: { code: 130, meaning: "stopped by you: Ctrl-C, or a question not confirmed" },
  terminated: { code: 143, meaning: "stopped by SIGTERM" },
} as const;

export type Exit = keyof typeof EXIT_CODES;

/** The table as lines for people: code, two spaces, meaning. */
export const exitCodeLines = (): readonly string[] =>
  Object.values(EXIT_CODES).map(({ code, meaning }) => `${String(code).padStart(5)}  ${meaning}`);
