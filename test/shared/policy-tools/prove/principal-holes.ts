/** Holes by principals that several people list. */
import { EDIT, type Hole } from "./hole.ts";

const TEAM_ROLE = "arn:aws:iam::111122223333:role/team";

export const PRINCIPAL_HOLES: readonly Hole[] = [
  {
    name: "two names with one principal are one person",
    claim: { ...EDIT, people: 1 },
    hole: {
      people: {
        ann: {
          groups: ["dev"],
          principals: [
            "arn:aws:iam::111122223333:role/people/ann",
            "arn:aws:iam::111122223333:role/both",
          ],
        },
        zed: { groups: ["leads"], principals: ["arn:aws:iam::111122223333:role/both"] },
      },
      rules: [{ sharedPrincipals: true }],
    },
    twin: {
      people: {
        ann: {
          groups: ["dev"],
          principals: [
            "arn:aws:iam::111122223333:role/people/ann",
            "arn:aws:iam::111122223333:role/both",
          ],
        },
        zed: { groups: ["leads"], principals: ["arn:aws:iam::111122223333:role/other"] },
      },
      rules: [{ sharedPrincipals: true }],
    },
  },
  {
    name: "a rule may let holders of the principal approve",
    claim: { ...EDIT },
    hole: {
      people: {
        ann: { groups: ["dev"], principals: ["arn:aws:iam::111122223333:role/team"] },
        bob: { groups: ["leads"], principals: ["arn:aws:iam::111122223333:role/team"] },
      },
      rules: [{ sharedPrincipals: true, approverMayHoldPrincipal: true }],
    },
    twin: {
      people: {
        ann: { groups: ["dev"], principals: ["arn:aws:iam::111122223333:role/team"] },
        bob: { groups: ["leads"], principals: ["arn:aws:iam::111122223333:role/team"] },
      },
      rules: [{ sharedPrincipals: true }],
    },
  },
  {
    name: "an approver holds the first of somebody's principals, and not the second",
    claim: { ...EDIT, people: 1 },
    hole: {
      people: {
        ann: {
          groups: ["dev"],
          principals: [TEAM_ROLE, "arn:aws:iam::111122223333:role/people/ann"],
        },
        bob: { groups: ["leads"], principals: [TEAM_ROLE] },
      },
      rules: [{ sharedPrincipals: true }],
    },
    twin: {
      people: {
        ann: { groups: ["dev"], principals: [TEAM_ROLE] },
        bob: { groups: ["leads"], principals: [TEAM_ROLE] },
      },
      rules: [{ sharedPrincipals: true }],
    },
  },
];
