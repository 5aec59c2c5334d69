import type { Approval } from "./request.ts";

/** Who decided, and on whose behalf: `bob`, or `erin for bob`. */
export const deciderText = ({
  person,
  onBehalfOf,
}: Pick<Approval, "person" | "onBehalfOf">): string =>
  onBehalfOf ? `${person} for ${onBehalfOf.person}` : person;
