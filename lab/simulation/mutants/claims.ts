/** Mutants: answers and messages about somebody's access. */
import type { Mutant } from "./mutant.ts";

const EFFECTIVE = "shared/domain/entries/effective-access.ts";
const ENTRIES = "shared/usecases/access/entries-on-record.ts";
const READ = "shared/usecases/access/read-person-access.ts";

export const CLAIMS: readonly Mutant[] = [
  {
    name: "says as of now what nobody has read",
    edits: [
      {
        file: ENTRIES,
        from: 'return { ...NOTHING_READ, unread: unknown("never-read", null) };',
        to: "return { ...NOTHING_READ, shownAt: at };",
      },
    ],
    seed: 1,
    breaks: "remaining-true",
  },
  {
    name: "leaves out what stands without a grant",
    edits: [{ file: EFFECTIVE, from: "    ...standingOn(entry),\n", to: "" }],
    seed: 3,
    breaks: "remaining-true",
  },
  {
    name: "leaves out what others borrow through a shared principal",
    edits: [
      {
        file: READ,
        from: "accessOn(isWhole ? read : ",
        to: "accessOn(isWhole ? onlySeen(read, ({ requester }) => requester === name) : ",
      },
    ],
    seed: 7,
    breaks: "remaining-true",
  },
  {
    name: "knows nobody who has left the policy",
    edits: [
      {
        file: READ,
        from: "const isKnown = member !== undefined || places.length > 0;",
        to: "const isKnown = member !== undefined;",
      },
    ],
    seed: 1336,
    breaks: "remaining-true",
  },
  {
    name: "says that access is gone by when its removal begins",
    edits: [
      {
        file: EFFECTIVE,
        from: 'state === "ending" ? goneBy(grant, now) : (last.revokeAt ?? last.expiresAt)',
        to: "last.revokeAt ?? goneBy(grant, now)",
      },
    ],
    seed: 5,
    breaks: "remaining-true",
  },
  {
    name: "says that a grant gives access past its end",
    edits: [
      {
        file: EFFECTIVE,
        from: '  if (revokeAt !== null && revokeAt <= now) return "ending";\n',
        to: "",
      },
    ],
    seed: 19,
    breaks: "remaining-true",
  },
  {
    name: "says that access is going that another grant is about to give",
    edits: [
      {
        file: EFFECTIVE,
        from: '["there", "may-be-there", "ending", "coming"]',
        to: '["there", "ending", "may-be-there", "coming"]',
      },
    ],
    seed: 15,
    breaks: "remaining-true",
  },
  {
    name: "says of several grants the one that ends first",
    edits: [
      { file: EFFECTIVE, from: "compare(endOf(b), endOf(a))", to: "compare(endOf(a), endOf(b))" },
    ],
    seed: 8,
    breaks: "remaining-true",
  },
  {
    name: "says of several grants for later the one that ends last",
    edits: [{ file: EFFECTIVE, from: "  compare(beginOf(a), beginOf(b)) ||\n", to: "" }],
    seed: 664,
    breaks: "remaining-true",
  },
  {
    name: "reports access as gone once its removal begins",
    edits: [
      {
        file: "shared/domain/evidence/report/population.ts",
        from: 'endedAt: entered("ended") ? at',
        to: 'endedAt: entered("ending") ? at',
      },
    ],
    seed: 7,
    breaks: "record-true",
  },
  {
    name: "bundles a call as confirmed that CloudTrail has not shown",
    edits: [
      {
        file: "shared/domain/evidence/calls/call-state.ts",
        from: 'if (types.has("confirmed") || types.has("explained")) return "confirmed";',
        to: 'if (types.size > 0) return "confirmed";',
      },
    ],
    seed: 11,
    breaks: "record-true",
  },
  {
    name: "answers an end before that of its chain",
    edits: [
      {
        file: "shared/usecases/requests/end-grant.ts",
        from: "return { step, beside };",
        to: "return { step, beside: beside.slice(0, 0) };",
      },
    ],
    seed: 26,
    breaks: "chain-ends",
  },
  {
    name: "takes what is sent again for something new",
    edits: [
      {
        file: "shared/usecases/requests/call-key.ts",
        from: "  { member }: Actor,\n  { operation,",
        to: "  { member, proof }: Actor,\n  { operation,",
      },
      {
        file: "shared/usecases/requests/call-key.ts",
        from: "hashOf([member.name, operation, idempotencyKey])",
        to: "hashOf([member.name, operation, idempotencyKey, proof])",
      },
    ],
    seed: 24,
    breaks: "sent-once",
  },
  {
    name: "says in a message that access is gone, whatever the proof of its end",
    edits: [
      {
        file: "shared/domain/notices/notice-facts.ts",
        from: "{ endProof: request.endProof }",
        to: "{ endProof: { hadBegun: true, readAt: now, stayed: [], stayedBy: [] } }",
      },
    ],
    seed: 2,
    breaks: "notices-true",
  },
  {
    name: "shows no approver that the requester is suspended",
    edits: [
      {
        file: "shared/usecases/notices/request-topic.ts",
        from: "isAsked ? await stops.latest() : NO_STOPS",
        to: "isAsked && stops === undefined ? undefined : NO_STOPS",
      },
    ],
    seed: 26,
    breaks: "notices-shown",
  },
];
