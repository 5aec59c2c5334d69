import type { Mutant } from "./mutant.ts";

/** Brokers that believe more of a record than they must. Lives with a forger catch them. */
export const FORGED: readonly Mutant[] = [
  {
    name: "believes a begun grant's record about its access",
    edits: [
      {
        file: "shared/domain/entries/believed-grants.ts",
        from: "chain !== undefined && chain.terms !== termsOf(grant)",
        to: "chain === undefined && chain !== undefined",
      },
    ],
    forgedSeed: 141,
    breaks: "record-holds-up-nothing",
  },
  {
    name: "begins a grant that no event bears out",
    edits: [
      {
        file: "shared/domain/requests/on-record.ts",
        from: 'return isTrue ? "borne-out" : "false";',
        to: 'return isTrue ? "borne-out" : "borne-out";',
      },
    ],
    forgedSeed: 2,
    breaks: "intruder-never-moves",
  },
  {
    name: "believes a record about when its begun grant ends",
    edits: [
      {
        file: "shared/usecases/converge/binding-grants.ts",
        from: "    revokeAt: sooner(grant.revokeAt, begun.revokeAt),\n",
        to: "",
      },
    ],
    forgedSeed: 203,
    breaks: "intruder-never-lengthens",
  },
  {
    name: "takes what a restored ledger does not know for its owner's",
    edits: [
      {
        file: "shared/domain/entries/unknown-ledger.ts",
        from: "return sure.length > 0 ? [{ grant, target, elements: sure }] : [];",
        to: "return sure.length > 0 ? [] : [];",
      },
    ],
    forgedSeed: 155,
    breaks: "record-holds-up-nothing",
  },
  {
    name: "keeps in its ledger what it leaves out",
    edits: [
      {
        file: "shared/usecases/converge/note-left-out.ts",
        from: '.slice(0, MOST_NAMED).join("");',
        to: '.join("").replace(/.$/, (last) => last.repeat(350_000));',
      },
    ],
    forgedSeed: 1,
    breaks: "ledger-fits",
  },
  {
    name: "takes the entry from a record and not from its ledger",
    edits: [
      {
        file: "shared/usecases/converge/pass.ts",
        from: "const known = stored && !isEmpty(stored) ? stored : undefined;",
        to: "const known = grant ? undefined : stored;",
      },
      {
        file: "shared/domain/entries/believed-grants.ts",
        from: 'if (bindingKey(grant.cluster.arn, grant.principalArn) !== binding) return "elsewhere";',
        to: "",
      },
    ],
    forgedSeed: 333,
    breaks: "record-holds-up-nothing",
  },
];
