/**
 * The parts of the names of all roles that the broker's stack makes for itself, in the broker's account. Nothing is
 * ever lent to them. Stacks of other accounts name them before they exist.
 */
export const BROKER_ROLES = [
  "api",
  "converge",
  "sweep",
  "notify",
  "slack",
  "correlate",
  "archive",
  "activity",
  "standing",
  "schedule",
  "fuse",
] as const;
