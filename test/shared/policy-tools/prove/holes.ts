/** Holes in who has to act and who ends up with access, and all holes there are. */
import { ACCESS_HOLES } from "./access-holes.ts";
import { EDIT, type Hole, one, TEAM } from "./hole.ts";
import type { SmallPolicy } from "./hole-policy.ts";
import { MACHINE_HOLES } from "./machine-holes.ts";
import { PRINCIPAL_HOLES } from "./principal-holes.ts";

const TWO = [{ groups: ["leads"], count: 2 }];
const NONE = "none";

/** Approvers decide in Slack, where only somebody of ops is known. */
const inSlack = (more: object): SmallPolicy => ({
  people: {
    ann: ["dev"],
    bob: ["leads"],
    dan: {
      groups: ["ops"],
      identities: { iam: ["arn:aws:iam::111122223333:role/people/dan"], slack: ["T0001/U0001"] },
    },
  },
  rules: [{ decideIn: ["slack"] }],
  more: { slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" }, ...more },
});

const inApiAndSlack = (name: string, user: string) => ({
  iam: [`arn:aws:iam::111122223333:role/people/${name}`],
  slack: [`T0001/${user}`],
});

/** Approvers decide in Slack, where bob, who leads, is unknown, and cat has a place of her own. */
const byDelegate = (others: SmallPolicy["people"]): SmallPolicy => ({
  people: {
    ann: ["dev"],
    bob: ["leads"],
    cat: { groups: ["ops"], identities: inApiAndSlack("cat", "U0001") },
    ...others,
  },
  rules: [
    {
      approval: [
        { groups: ["leads"], count: 1 },
        { groups: ["ops"], count: 1 },
      ],
      decideIn: ["slack"],
    },
  ],
  more: {
    slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
    delegations: { allowed: true },
  },
});

/** Holes by the people who must act. */
const PEOPLE: readonly Hole[] = [
  {
    name: "a rule without approval lets one person in",
    claim: { ...EDIT, people: 1 },
    hole: one({ approval: NONE }),
    twin: one(),
  },
  {
    name: "a second approval is one more person",
    claim: { ...EDIT, people: 2 },
    hole: one(),
    twin: one({ approval: TWO }),
  },
  {
    name: "two requirements are met by two people",
    claim: { ...EDIT, people: 2 },
    hole: one({ approval: [{ groups: ["leads"], count: 1 }] }),
    twin: one({
      approval: [
        { groups: ["leads"], count: 1 },
        { groups: ["ops"], count: 1 },
      ],
    }),
  },
  {
    name: "somebody who approves for two groups still fills one place",
    claim: { ...EDIT, people: 3 },
    hole: {
      people: { ann: ["dev"], bob: ["leads", "ops"], dan: ["ops"] },
      rules: [
        {
          approval: [
            { groups: ["leads"], count: 1 },
            { groups: ["ops"], count: 1 },
          ],
        },
      ],
    },
    twin: {
      people: { ann: ["dev"], bob: ["leads", "ops"], eve: ["audit"] },
      rules: [
        {
          approval: [
            { groups: ["leads"], count: 1 },
            { groups: ["ops"], count: 1 },
          ],
        },
      ],
    },
  },
  {
    name: "two names with one e-mail address are one person",
    claim: { ...EDIT, people: 1 },
    hole: {
      people: { ann: ["dev"], "ann-lead": { groups: ["leads"], email: "Ann@example.com" } },
      rules: [{}],
    },
    twin: { people: { ann: ["dev"], "ann-lead": { groups: ["leads"] } }, rules: [{}] },
  },
  {
    name: "nobody approves their own request",
    claim: { ...EDIT },
    hole: { people: { ann: ["dev", "leads"], bob: ["dev", "leads"] }, rules: [{}] },
    twin: { people: { ann: ["dev", "leads"], bob: [] }, rules: [{}] },
  },
  {
    name: "the second circle may approve from the start",
    claim: { ...EDIT, people: 2, without: { groups: ["leads"] } },
    hole: one({
      approval: [{ groups: ["leads"], count: 1, escalate: { after: "15m", groups: ["ops"] } }],
    }),
    twin: one({ approval: [{ groups: ["leads"], count: 1 }] }),
  },
  {
    name: "without some, everyone else together gets there",
    claim: { ...EDIT, without: { groups: ["leads"] } },
    hole: one({ approval: [{ groups: ["leads", "ops"], count: 1 }] }),
    twin: one(),
  },
  {
    name: "one name among those who take no part leaves the person out",
    claim: { ...EDIT, without: { people: ["ann"] } },
    hole: { people: { ann: ["audit"], ann2: ["dev"], bob: ["leads"] }, rules: [{}] },
    twin: {
      people: {
        ann: ["audit"],
        ann2: { groups: ["dev"], email: "ann@example.com" },
        bob: ["leads"],
      },
      rules: [{}],
    },
  },
  {
    name: "an approver who can decide on no surface of the rule approves nothing",
    claim: { ...EDIT },
    hole: one({ decideIn: ["api"] }),
    twin: {
      ...one({ decideIn: ["slack"] }),
      more: { slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } },
    },
  },
];

/** A lead and one of ops, either of whom may delegate to eve. */
const LED: SmallPolicy = {
  people: { ann: ["dev"], bob: ["leads"], dan: ["ops"], eve: [] },
  rules: [{}],
  more: { delegations: { allowed: true } },
};

/** Holes by the person who asks, and by the person who ends up with it. */
const WHO: readonly Hole[] = [
  {
    name: "a delegate of two approvers fills one place",
    claim: { ...EDIT, people: 2, standing: true },
    hole: LED,
    twin: {
      ...LED,
      rules: [
        {
          approval: [
            { groups: ["leads"], count: 1 },
            { groups: ["ops"], count: 1 },
          ],
        },
      ],
    },
  },
  {
    name: "somebody who is like the one that takes no part",
    claim: { ...EDIT, without: { people: ["ann"] } },
    hole: { people: { ann: ["dev"], amy: ["dev"], bob: ["leads"] }, rules: [{}] },
    twin: { people: { ann: ["dev"], bob: ["leads"] }, rules: [{}] },
  },
  {
    name: "whoever ends up with access is meant, not whoever approves",
    claim: { ...EDIT, who: { groups: ["ops"] } },
    hole: one({ who: { groups: ["ops"] } }),
    twin: one({ approval: [{ groups: ["ops"], count: 1 }] }),
  },
  {
    name: "somebody who lists the principal ends up with what another asked for",
    claim: { ...EDIT, who: { people: ["eve"] } },
    hole: {
      people: {
        ann: { groups: ["dev"], principals: ["arn:aws:iam::111122223333:role/team"] },
        eve: { groups: ["audit"], principals: ["arn:aws:iam::111122223333:role/team"] },
        bob: ["leads"],
      },
      rules: [{ sharedPrincipals: true }],
    },
    twin: {
      people: {
        ann: { groups: ["dev"], principals: ["arn:aws:iam::111122223333:role/team"] },
        eve: { groups: ["audit"], principals: ["arn:aws:iam::111122223333:role/others"] },
        bob: ["leads"],
      },
      rules: [{ sharedPrincipals: true }],
    },
  },
  {
    name: "somebody whose identity the principal is ends up with it",
    claim: { ...EDIT, who: { people: ["eve"] } },
    hole: {
      people: {
        ann: { groups: ["dev"], principals: ["arn:aws:iam::111122223333:role/desk"] },
        eve: { groups: [], identities: { iam: ["arn:aws:iam::111122223333:role/desk"] } },
        bob: ["leads"],
      },
      rules: [{}],
    },
    twin: {
      people: {
        ann: { groups: ["dev"], principals: ["arn:aws:iam::111122223333:role/desk"] },
        eve: { groups: [] },
        bob: ["leads"],
      },
      rules: [{}],
    },
  },
  {
    name: "a rule for people by name",
    claim: { ...EDIT, who: { groups: ["ops"] } },
    hole: one({ who: { people: ["dan"] } }),
    twin: one({ who: { people: ["ann"] } }),
  },
  {
    name: "a second rule for others",
    claim: { ...EDIT, who: { groups: ["ops"] } },
    hole: { people: TEAM, rules: [{}, { who: { groups: ["ops"] }, approval: NONE }] },
    twin: {
      people: TEAM,
      rules: [{}, { who: { groups: ["ops"] }, approval: NONE, clusters: ["test"] }],
    },
  },
];

/** Holes by the parts that a claim leaves out, by how long access lasts, and by who decides. */
const MORE: readonly Hole[] = [
  {
    name: "an exception excuses one rule, and no other",
    claim: { ...EDIT, people: 1, except: [{ rule: "rule-0" }] },
    hole: { people: TEAM, rules: [{ approval: NONE }, { approval: NONE }] },
    twin: { people: TEAM, rules: [{ approval: NONE }, {}] },
  },
  {
    name: "an exception excuses its people, and no others",
    claim: { ...EDIT, people: 1, except: [{ rule: "rule-0", who: { people: ["ann"] } }] },
    hole: one({ approval: NONE, who: { groups: ["dev", "ops"] } }),
    twin: one({ approval: NONE }),
  },
  {
    name: "extensions that need nobody are part of one decision",
    claim: { ...EDIT, unattended: "1h" },
    hole: one({ extend: { times: 2, total: "4h", approval: "none" } }),
    twin: one({ extend: { times: 2, total: "4h", approval: "same" } }),
  },
  {
    name: "so many extensions, each as long as a grant, are one decision",
    claim: { ...EDIT, unattended: "4h" },
    hole: one({ extend: { times: 4, total: "6h", approval: "none" } }),
    twin: one({ extend: { times: 3, total: "6h", approval: "none" } }),
  },
  {
    name: "a longer grant is longer",
    claim: { ...EDIT, unattended: "1h" },
    hole: one({ duration: { max: "61m" } }),
    twin: one(),
  },
  {
    name: "requests that the policy approves go on without an end",
    claim: { ...EDIT, unattended: "8h" },
    hole: one({ approval: NONE }),
    twin: one({ approval: NONE, atMost: { times: 1, per: "1d" }, start: { latest: "1h" } }),
  },
  {
    name: "a limit counts twice around the edge of its window",
    claim: { ...EDIT, unattended: "3h" },
    hole: one({ approval: NONE, atMost: { times: 2, per: "1d" }, start: { latest: "1h" } }),
    twin: one({ approval: NONE, atMost: { times: 1, per: "1d" }, start: { latest: "1h" } }),
  },
  {
    name: "no limit stops a break-glass",
    claim: { ...EDIT, unattended: "8h" },
    hole: {
      ...one({ approval: NONE, breakGlass: true, review: { by: ["ops"], within: "2d" } }),
      more: { roles: { admins: ["ops"] } },
    },
    twin: one(),
  },
  {
    name: "delegators who did so before lend their standing",
    claim: { ...EDIT, without: { groups: ["leads"] }, standing: true },
    hole: { ...one(), more: { delegations: { allowed: true } } },
    twin: { ...one({ delegable: false }), more: { delegations: { allowed: true } } },
  },
  {
    name: "only members of some groups may decide for others",
    claim: { ...EDIT, without: { groups: ["leads"] }, standing: true },
    hole: { ...one(), more: { delegations: { allowed: true, to: { groups: ["ops"] } } } },
    twin: { ...one(), more: { delegations: { allowed: true, to: { groups: ["leads"] } } } },
  },
  {
    name: "a delegation is an act of its delegator",
    claim: { ...EDIT, without: { groups: ["leads"] } },
    hole: {
      ...one({ approval: [{ groups: ["ops"], count: 1 }] }),
      more: { delegations: { allowed: true } },
    },
    twin: { ...one(), more: { delegations: { allowed: true } } },
  },
  {
    name: "an approver who can decide on no surface of the rule delegates to somebody who can",
    claim: EDIT,
    hole: inSlack({ delegations: { allowed: true } }),
    twin: inSlack({}),
  },
  {
    name: "an approver who delegates acts, as their delegate does",
    claim: { ...EDIT, people: 3 },
    hole: inSlack({ delegations: { allowed: true } }),
    twin: inSlack({ delegations: { allowed: true, to: { groups: ["leads"] } } }),
  },
  {
    name: "a delegate who is needed for a place of their own is left to it",
    claim: EDIT,
    hole: byDelegate({ dan: { groups: ["staff"], identities: inApiAndSlack("dan", "U0002") } }),
    twin: byDelegate({}),
  },
  {
    name: "hours are taken as met",
    claim: EDIT,
    hole: one({ when: { days: ["sun"], from: "02:00", to: "03:00", timezone: "Asia/Kolkata" } }),
    twin: one({
      when: { days: ["sun"], from: "02:00", to: "03:00", timezone: "Asia/Kolkata" },
      approval: [{ groups: ["dev"], count: 1 }],
    }),
  },
  {
    name: "an approver decides",
    claim: { decides: { people: ["dan"] } },
    hole: one({ approval: [{ groups: ["leads", "ops"], count: 1 }] }),
    twin: one(),
  },
  {
    name: "a delegate decides",
    claim: { decides: { people: ["dan"] } },
    hole: { ...one(), more: { delegations: { allowed: true } } },
    twin: { ...one(), more: { delegations: { allowed: true, to: { groups: ["leads"] } } } },
  },
  {
    name: "somebody of the second circle decides",
    claim: { decides: { groups: ["ops"] } },
    hole: one({
      approval: [{ groups: ["leads"], count: 1, escalate: { after: "15m", groups: ["ops"] } }],
    }),
    twin: one(),
  },
];

export const HOLES: readonly Hole[] = [
  ...PEOPLE,
  ...PRINCIPAL_HOLES,
  ...WHO,
  ...ACCESS_HOLES,
  ...MACHINE_HOLES,
  ...MORE,
];
