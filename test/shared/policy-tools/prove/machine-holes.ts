/** Holes in what machines get, and in who could use them: an owner acts by a machine's hands. */
import { EDIT, type Hole } from "./hole.ts";
import type { SmallPolicy } from "./hole-policy.ts";

const BOT = { groups: ["dev"], kind: "machine", owners: ["keepers"] };

const withBot = (rule: object, bot: object = {}, more: object = {}): SmallPolicy => ({
  people: {
    bot: { ...BOT, ...bot },
    kim: ["keepers"],
    kit: ["keepers", "leads"],
    bob: ["leads"],
    ...more,
  },
  rules: [rule],
});

const OWNERS_APPROVE = { ownersApprove: true };
const GLASS = { approval: "none", breakGlass: true, review: { by: ["leads"] } };

export const MACHINE_HOLES: readonly Hole[] = [
  {
    name: "the owner of a machine may agree with themselves",
    claim: { ...EDIT, people: 1 },
    hole: withBot({}, OWNERS_APPROVE),
    twin: withBot({}),
  },
  {
    name: "a machine is in the same groups as a person before it",
    claim: { ...EDIT, people: 1 },
    hole: { ...withBot({}), people: { ann: ["dev"], ...withBot({}, OWNERS_APPROVE).people } },
    twin: { ...withBot({}), people: { ann: ["dev"], ...withBot({}).people } },
  },
  {
    name: "a machine needs nobody",
    claim: { ...EDIT, people: 1 },
    hole: withBot({ approval: "none" }),
    twin: withBot({ approval: "none", agents: { approve: [{ groups: ["leads"], count: 1 }] } }),
  },
  {
    name: "an owner of two machines acts by the hands of both",
    claim: { ...EDIT, people: 2 },
    hole: withBot({}),
    twin: withBot({ approval: [{ groups: ["leads"], count: 2 }] }, {}, { eve: ["leads"] }),
  },
  {
    name: "a break-glass is for people",
    claim: { ...EDIT },
    hole: { ...withBot(GLASS), people: { ...withBot(GLASS).people, ann: ["dev"] } },
    twin: withBot(GLASS),
  },
  {
    name: "whoever is left out acts by no machine",
    claim: { ...EDIT, people: 1, without: { groups: ["leads"] } },
    hole: withBot({ approval: "none" }),
    twin: withBot({}),
  },
  {
    name: "what a machine asks for goes on while nobody has to approve it",
    claim: { ...EDIT, unattended: "8h" },
    hole: withBot({ approval: "none" }),
    twin: withBot({ approval: "none", agents: { approve: [{ groups: ["leads"], count: 1 }] } }),
  },
];
