/** Mutants: which terms an approval is for. */
import { BELIEVES_HISTORIES, type Mutant } from "./mutant.ts";

const COUNTER_OFFER = "shared/domain/requests/counter-offer.ts";
const DECIDE = "shared/usecases/requests/decision-step.ts";
const LESSER_TERMS = "shared/domain/requests/lesser-terms.ts";

export const TERMS: readonly Mutant[] = [
  {
    name: "approves what was asked for where an approver offered less",
    edits: [
      {
        file: DECIDE,
        from: "wanted && isPending",
        to: 'wanted && request.state === "ended"',
      },
    ],
    seed: 5,
    breaks: "terms-agreed",
  },
  {
    name: "lets an approver offer more than was asked for",
    edits: [
      {
        file: COUNTER_OFFER,
        from: "if (durationSeconds > asked)",
        to: "if (durationSeconds > asked * 2)",
      },
      {
        file: COUNTER_OFFER,
        from: "if (isWithin(request, terms))",
        to: "if (isWithin(request, terms) && isWithin(terms, request))",
      },
      { file: LESSER_TERMS, from: "    !isWithin(less, request) ||\n", to: "" },
    ],
    seed: 7,
    breaks: "terms-agreed",
  },
  {
    name: "counts an approval for less towards more",
    edits: [
      {
        file: LESSER_TERMS,
        from: "digest === request.digest ||",
        to: "digest !== undefined ||",
      },
      BELIEVES_HISTORIES,
    ],
    seed: 109,
    breaks: "nothing-unapproved",
  },
];
