import type { Approval } from "./request.ts";

/** The decider and the delegator: `bob`, or `erin for bob`. */
export const deciderText = ({
  person,
  onBehalfOf,
}: Pick<Approval, "person" | "onBehalfOf">): string =>
  onBehalfOf ? `${person} for ${onBehalfOf.person}` : person;
