/** Mutants: calls that CloudTrail does not show, and how evidence is stored. */
import type { Mutant } from "./mutant.ts";

const CHAIN = "shared/domain/evidence/evidence-chain.ts";
const CORRELATE = "shared/usecases/evidence/correlate.ts";
const LOOK = "shared/usecases/evidence/look-up-calls.ts";
const MISSING = "shared/usecases/evidence/look-up-calls.ts";
const STATE = "shared/domain/evidence/calls/call-state.ts";
const REMOVE = "shared/usecases/converge/remove-access.ts";
const STORE_CALLS = "shared/usecases/converge/store-calls.ts";

export const EVIDENCE: readonly Mutant[] = [
  {
    name: "counts a call as missing after an hour",
    edits: [
      {
        file: STATE,
        from: "plusSeconds(calledAt, evidenceMissingSeconds);",
        to: "plusSeconds(calledAt, evidenceMissingSeconds / 24);",
      },
    ],
    seed: 11,
    breaks: "no-false-finding",
  },
  {
    name: "ends the wait for a call before it records that it is missing",
    edits: [
      {
        file: MISSING,
        from: "  await evidence.appendFinding({",
        to: "  await evidence.settleCall(eksRequestId);\n  await evidence.appendFinding({",
      },
    ],
    seed: 7,
    breaks: "calls-decided",
  },
  {
    name: "says nothing in the evidence of a missing call that is a finding already",
    edits: [
      {
        file: MISSING,
        from: "  await evidence.appendFinding({",
        to: "  const isNew = await evidence.appendFinding({",
      },
      {
        file: MISSING,
        from: "  for (const requestId of chainsOf(call)) {",
        to: "  for (const requestId of isNew ? chainsOf(call) : []) {",
      },
    ],
    seed: 7,
    breaks: "calls-decided",
  },
  {
    name: "ends the wait for a call when it is first looked for",
    edits: [
      {
        file: LOOK,
        from: "await ports.evidence.postponeCall(call.eksRequestId, nextTurn(ports, call), readDownTo);",
        to: "if (nextTurn(ports, call) !== readDownTo) await ports.evidence.settleCall(call.eksRequestId);",
      },
    ],
    seed: 20,
    breaks: "calls-decided",
  },
  {
    name: "looks up calls of every account in its own event history",
    edits: [
      {
        file: "shared/domain/evidence/trail/trail-look.ts",
        from: "  return { partition, account, region };",
        to: '  return { partition, account: "111122223333", region: "us-west-2" };',
      },
    ],
    seed: 17,
    breaks: "no-false-finding",
  },
  {
    name: "looks nothing up in the event history",
    edits: [
      {
        file: LOOK,
        from: "closed.has(place) ? unread(look) : await readLook(ports, look, run);",
        to: "{ ...unread(look), readDownTo: null } as LookResult;",
      },
    ],
    seed: 9,
    breaks: "no-false-finding",
  },
  {
    name: "starts a new chain with each record",
    edits: [
      {
        file: CHAIN,
        from: "previousHash: head?.hash ?? CHAIN_START,",
        to: "previousHash: CHAIN_START,",
      },
    ],
    seed: 2,
    breaks: "evidence-chained",
  },
  {
    name: "drops changes by the grantor role on clusters that the policy does not list",
    edits: [
      {
        file: CORRELATE,
        from: '? explanation.finding.code === "outside-change"',
        to: '? explanation.finding.code !== "missing-event"',
      },
    ],
    seed: 5,
    breaks: "changes-found",
  },
  {
    name: "stores an intent before it removes",
    edits: [
      {
        file: REMOVE,
        from: 'import { lookAgain } from "./looks.ts";',
        to: 'import { lookAgain } from "./looks.ts";\nimport { storeIntents } from "./store-intents.ts";',
      },
      {
        file: REMOVE,
        from: "    return await callEntry(pass, planned, order);",
        to: "    await storeIntents(pass, planned, steps, servedBy);\n    return await callEntry(pass, planned, order);",
      },
    ],
    scenario: "the store of evidence fails when a grant ends",
    breaks: "evidence-apart",
  },
  {
    name: "fails where a call cannot be stored",
    edits: [
      {
        file: STORE_CALLS,
        from: "await Promise.allSettled(calls.map((call) => ports.evidence.putCall(call)));",
        to: 'await Promise.allSettled(calls.map((call) => ports.evidence.putCall(call)));\n  for (const each of results) if (each.status === "rejected") throw each.reason;',
      },
    ],
    scenario: "no call is stored, and CloudTrail shows nothing",
    breaks: "evidence-apart",
  },
  {
    name: "lets an intent replace another one of the same instant",
    edits: [
      {
        file: "lab/fakes/memory-evidence-store.ts",
        from: "const key = `${intent.from}#${intent.sessionName}#${hashOf(intent)}`;",
        to: "const key = `${intent.from}#${intent.sessionName}`;",
      },
    ],
    scenario: "two runs intend something at the same instant",
    breaks: "no-false-finding",
  },
];
