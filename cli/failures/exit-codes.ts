/** How the command ends, for scripts. `timelatch --help` prints this table. */
export const EXIT_CODES = {
  done: { code: 0, meaning: "done" },
  unexpected: { code: 1, meaning: "unexpected: a fault in timelatch itself" },
  usage: { code: 2, meaning: "wrong usage; nothing was sent" },
  refused: {
    code: 3,
    meaning: "refused: policy, forbidden, invalid input or no valid credentials",
  },
  notFound: { code: 4, meaning: "not found, or not yours to see" },
  conflict: {
    code: 5,
    meaning: "conflict: the state changed, a duplicate, or a digest that differs",
  },
  unavailable: { code: 6, meaning: "cannot reach the API, or it is unavailable" },
  noAccess: { code: 7, meaning: "access did not come: denied, lapsed, failed or cancelled" },
  unverified: { code: 8, meaning: "audit verification failed" },
  interrupted: { code: 130, meaning: "ended by you: Ctrl-C, or no to a question" },
} as const;

export type Exit = keyof typeof EXIT_CODES;

/** The table as lines for people: code, two spaces, meaning. */
export const exitCodeLines = (): readonly string[] =>
  Object.values(EXIT_CODES).map(({ code, meaning }) => `${String(code).padStart(5)}  ${meaning}`);
