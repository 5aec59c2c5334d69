/** The result of `people match` in words. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { LeftOut, Matches } from "../../shared/policy-tools/people-match/match-people.ts";

const WHY: Readonly<Record<LeftOut["why"], string>> = {
  "not-found": "nobody there shows this e-mail address",
  "several-there": "several accounts there have this e-mail address",
  "several-here": "several people of the file have this e-mail address",
  "odd-id": "the id there has a form that the file does not take",
  taken: "somebody else of the file has the id of this e-mail address",
};

/** One line for each person who gets no id, and for each whose id is another. */
export const matchLines = ({ leftOut, differing }: Matches): readonly string[] => [
  ...leftOut.map(({ person, service, why }) => `${visible(person)}, ${service}: ${WHY[why]}.`),
  ...differing.map(
    ({ person, service, id }) =>
      `${visible(person)}, ${service}: their e-mail address there has the id ${id}, and the file another one.`,
  ),
];
