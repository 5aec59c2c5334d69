/** Mutants: how access ends. */
import type { Mutant } from "./mutant.ts";

const BINDING_GRANTS = "shared/usecases/converge/binding-grants.ts";
const CLIENT = "shared/usecases/converge/entry-client.ts";
const GRANT_TIME = "shared/domain/requests/grant-time.ts";
const ENTITLEMENT = "shared/domain/entries/entitlement.ts";
const CONFIRM = "shared/usecases/converge/confirmations.ts";
const REMOVALS = "shared/domain/entries/plan-removals.ts";
const REMOVE = "shared/usecases/converge/remove-access.ts";
const STEP = "shared/domain/entries/step.ts";

export const ENDINGS: readonly Mutant[] = [
  {
    name: "ends a grant on any message",
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
    name: "never ends a grant at its time",
    edits: [
      {
        file: ENTITLEMENT,
        from: "(grant.revokeAt !== null && grant.revokeAt <= now)",
        to: "grant.revokeAt === undefined",
      },
      {
        file: GRANT_TIME,
        from: "return begun && revokeAt !== null && now < revokeAt;",
        to: "return begun;",
      },
    ],
    seed: 10,
    breaks: "no-overstay",
  },
  {
    name: "removes nothing when it cannot read the entry",
    edits: [
      {
        file: REMOVALS,
        from: "if (isBlind && mayHideOthers) return [];",
        to: "if (isBlind) return [];",
      },
    ],
    seed: 145,
    breaks: "removed-within-a-run",
  },
  {
    name: "gives up when AWS refuses to delete its entry",
    edits: [
      {
        file: REMOVE,
        from: "const second = isDeletionRefused\n",
        to: "const second = isDeletionRefused && reading === undefined\n",
      },
    ],
    seed: 1190,
    breaks: "no-overstay",
  },
  {
    name: "deletes the entry of a grant that began on a faster clock",
    edits: [{ file: REMOVALS, from: " || lentBy(entitlements).length > 0;", to: ";" }],
    scenario: "a grant began on a faster clock",
    breaks: "active-has-access",
  },
  {
    name: "removes a whole association when only a part of it is over",
    edits: [
      {
        file: REMOVALS,
        from: "narrowing.has(target) && isAllOurs ? EMPTY : setOf(kept)",
        to: "isAllOurs && narrowing.size < 9 ? EMPTY : setOf(kept)",
      },
    ],
    seed: 7,
    breaks: "active-has-access",
  },
  {
    name: "disassociates before it associates a new scope",
    edits: [
      {
        file: CLIENT,
        from: "        return entries.associate(address, session, step.target, step.scope);",
        to: "        return entries.disassociate(address, session, step.target).then(() => entries.associate(address, session, step.target, step.scope));",
      },
    ],
    seed: 7,
    breaks: "others-keep",
  },
  {
    name: "associates only the scope of the last grant",
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
    name: "trusts an end that was moved later in the table",
    edits: [
      {
        file: BINDING_GRANTS,
        from: "    revokeAt: sooner(grant.revokeAt, begun.revokeAt),\n",
        to: "",
      },
    ],
    seed: 19,
    breaks: "removed-within-a-run",
  },
  {
    name: "forgets that a grant is over",
    edits: [{ file: ENTITLEMENT, from: "    begun?.over === true ||\n", to: "" }],
    scenario: "a grant ended on a faster clock",
    breaks: "over-stays",
  },
  {
    name: "schedules no read to confirm an end",
    edits: [
      {
        file: CONFIRM,
        from: "return isLeft ? [...ends, quietFrom(ledger)] : ends;",
        to: "return isLeft ? [quietFrom(ledger)] : [];",
      },
    ],
    seed: 2,
    breaks: "final-in-time",
  },
];
