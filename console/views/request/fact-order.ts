/** The order of a request's facts on its page: what an auditor asks first, and its technical part after it. */
import type { Fact } from "../../../cli/terminal/facts.ts";

/** In a terminal, what is decided on stands last, above the question. A page is read from its top. */
const FIRST = [
  "Who",
  "Access",
  "Cluster",
  "For",
  "Reason",
  "Ticket",
  "Needed",
  "Approval",
  "Approved by",
  "Still needs",
  "Requested",
  "Lapses",
  "Starts",
  "Active since",
  "Active from",
  "Access ends",
  "To be gone by",
  "Ended",
  "Checked in EKS",
  "Outcome",
  "Rule",
];

/** The state stands above, by word and colour. */
export const inReadingOrder = (facts: readonly Fact[]): readonly Fact[] =>
  facts.filter(([name]) => name !== "State").toSorted((a, b) => placeOf(a) - placeOf(b));

function placeOf([name]: Fact): number {
  const place = FIRST.indexOf(name);
  return place === -1 ? FIRST.length : place;
}
