/** Mutants of how access ends. */
import type { Mutant } from "./mutant.ts";

const BINDING_GRANTS = "shared/usecases/converge/binding-grants.ts";
const CALL = "shared/usecases/converge/call-entry.ts";
const CLAIM = "shared/domain/entries/claim.ts";
const ENTITLEMENT = "shared/domain/entries/entitlement.ts";
const CONFIRM = "shared/usecases/converge/confirmations.ts";
const REMOVALS = "shared/domain/entries/plan-removals.ts";
const REMOVE = "shared/usecases/converge/remove-access.ts";
const STEP = "shared/domain/entries/step.ts";

export const ENDINGS: readonly Mutant[] = [
  {
    name: "ends a grant at whatever message comes",
    edits: [
      {
        file: ENTITLEMENT,
        from: "(grant.revokeAt !== null && grant.revokeAt <= now)",
        to: "grant.revokeAt !== null",
      },
    ],
    seed: 2,
    breaks: "not-early",
  },
  {
    name: "never ends a grant by its time",
    edits: [
      {
        file: ENTITLEMENT,
        from: "(grant.revokeAt !== null && grant.revokeAt <= now)",
        to: "grant.revokeAt === undefined",
      },
      {
        file: CLAIM,
        from: "return begun && revokeAt !== null && now < revokeAt;",
        to: "return begun;",
      },
    ],
    seed: 10,
    breaks: "no-overstay",
  },
  {
    name: "takes away nothing where it cannot read the entry",
    edits: [
      {
        file: REMOVALS,
        from: "if (isBlind && left.length > 0) return [];",
        to: "if (isBlind) return [];",
      },
    ],
    seed: 27,
    breaks: "removed-within-a-run",
  },
  {
    name: "gives up where AWS refuses to delete its entry",
    edits: [
      {
        file: REMOVE,
        from: "const second = isDeletionRefused\n",
        to: "const second = isDeletionRefused && reading === undefined\n",
      },
    ],
    seed: 162,
    breaks: "no-overstay",
  },
  {
    name: "deletes the entry of a grant that began by another clock",
    edits: [{ file: REMOVALS, from: " || lentBy(entitlements).length > 0;", to: ";" }],
    scenario: "a grant began by a clock ahead",
    breaks: "active-has-access",
  },
  {
    name: "takes the whole association away where only a part is over",
    edits: [
      {
        file: REMOVALS,
        from: "narrowing.has(target) && isAllOurs ? EMPTY : setOf(kept)",
        to: "isAllOurs && narrowing.size < 9 ? EMPTY : setOf(kept)",
      },
    ],
    seed: 6,
    breaks: "active-has-access",
  },
  {
    name: "associates in two calls, the first of which takes all away",
    edits: [
      {
        file: CALL,
        from: "      return entries.associate(address, session, step.target, step.scope);",
        to: "      return entries.disassociate(address, session, step.target).then(() => entries.associate(address, session, step.target, step.scope));",
      },
    ],
    seed: 2,
    breaks: "others-keep",
  },
  {
    name: "lets the last grant's scope win",
    edits: [
      {
        file: STEP,
        from: "const scope = scopeFromElements(wanted);",
        to: "const scope = scopeFromElements(wanted.slice(-1));",
      },
    ],
    seed: 7,
    breaks: "others-keep",
  },
  {
    name: "believes a later end that was written afterwards",
    edits: [
      {
        file: BINDING_GRANTS,
        from: "    revokeAt: sooner(grant.revokeAt, begun.revokeAt),\n",
        to: "",
      },
    ],
    seed: 6,
    breaks: "removed-within-a-run",
  },
  {
    name: "forgets that a grant is over",
    edits: [{ file: ENTITLEMENT, from: "    begun?.over === true ||\n", to: "" }],
    scenario: "a grant is over by a clock ahead",
    breaks: "over-stays",
  },
  {
    name: "has no end confirmed",
    edits: [
      {
        file: CONFIRM,
        from: "return isLeft ? [...ends, quietFrom(ledger)] : ends;",
        to: "return isLeft ? [quietFrom(ledger)] : [];",
      },
    ],
    seed: 6,
    breaks: "final-in-time",
  },
];
