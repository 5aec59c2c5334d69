/** Mutants of how access begins, and of what may. */
import type { Mutant } from "./mutant.ts";

const ADD = "shared/usecases/converge/add-access.ts";
const ADMISSION = "shared/domain/policy/admission.ts";
const ADMIT = "shared/usecases/converge/admit-grants.ts";
const ARM = "shared/usecases/converge/arm-timers.ts";
const CLAIM = "shared/domain/entries/claim.ts";
const DECIDE = "shared/usecases/requests/decide-request.ts";
const LIFECYCLE = "shared/domain/requests/lifecycle.ts";
const JUDGE = "shared/usecases/converge/judge-grants.ts";

export const BEGINNINGS: readonly Mutant[] = [
  {
    name: "gives access although its schedule could not be armed",
    edits: [
      {
        file: ADD,
        from: "hasBegun(grant) || timers.ready.has(grant.id)",
        to: "hasBegun(grant) || timers.ready.size < 99",
      },
    ],
    seed: 70,
    breaks: "schedule-first",
  },
  {
    name: "arms the schedule of a grant not at all",
    edits: [
      {
        file: ARM,
        from: "      await pass.ports.schedules.armRevocation(id, pass.binding, revokeAt);\n",
        to: "",
      },
    ],
    seed: 3,
    breaks: "schedule-first",
  },
  {
    name: "leaves the fuse where it is when a grant is extended",
    edits: [
      {
        file: "shared/domain/entries/fuses.ts",
        from: "sure && target === wanted.target && at === wanted.at",
        to: "sure && target === wanted.target && at !== null",
      },
    ],
    seed: 11,
    breaks: "schedule-first",
  },
  {
    name: "starts access however little time is left",
    edits: [
      {
        file: ADMISSION,
        from: "if (!hasBegun && isTooLate(request, settings, now))",
        to: "if (hasBegun === undefined)",
      },
      {
        file: ADMIT,
        from: 'isTooLate(grant, ports.settings, now) ? "keep" : "admit"',
        to: '"admit"',
      },
    ],
    seed: 4,
    breaks: "not-too-late",
  },
  {
    name: "fails as too late what has begun",
    edits: [
      {
        file: ADMISSION,
        from: "if (!hasBegun && isTooLate(",
        to: "if (isTooLate(",
      },
    ],
    seed: 4,
    breaks: "begun-stays",
  },
  {
    name: "believes what the table says of an approval",
    edits: [{ file: ADMIT, from: "if (admission.admitted) return", to: "if (admission) return" }],
    seed: 27,
    breaks: "nothing-unapproved",
  },
  {
    name: "starts what was asked for later at once",
    edits: [
      {
        file: CLAIM,
        from: '(state === "approved" && start !== null && start <= now)',
        to: '(state === "approved" && start !== null)',
      },
    ],
    seed: 20,
    breaks: "nothing-unapproved",
  },
  {
    name: "lends to a role that came under the same name",
    edits: [
      {
        file: "shared/usecases/converge/obstacle.ts",
        from: "ledger.principalId !== null && ledger.principalId !== principal.id",
        to: 'ledger.principalId === "" && ledger.principalId !== principal.id',
      },
      { file: ADMIT, from: "if (successor) return successor;", to: "" },
    ],
    seed: 111,
    breaks: "nothing-inherited",
  },
  {
    name: "asks for the cluster only where another entry appeared",
    edits: [
      {
        file: JUDGE,
        from: 'look.seen.sight !== "same" || pass.held.current.doubt !== null',
        to: 'look.seen.sight === "replaced"',
      },
    ],
    scenario: "an entry goes with its cluster",
    breaks: "nothing-inherited",
  },
  {
    name: "lets people approve what they asked for",
    edits: [
      {
        file: DECIDE,
        from: "if (request.requester === member.name)",
        to: "if (request.requester === undefined)",
      },
      {
        file: DECIDE,
        from: "if (holdsPrincipal(policy, member, request))",
        to: "if (request.requester === undefined)",
      },
    ],
    seed: 6,
    breaks: "no-self-approval",
  },
  {
    name: "chains events to nothing",
    edits: [
      {
        file: LIFECYCLE,
        from: "previousHash: request.lastHash,",
        to: "previousHash: CHAIN_START,",
      },
    ],
    seed: 1,
    breaks: "history-whole",
  },
  {
    name: "adds access before it removes what is over",
    edits: [
      {
        file: "shared/usecases/converge/one-pass.ts",
        from: "  const removed = await removeAccess(pass, countingReading(look.seen));\n",
        to: `  if (look.seen) {
    const { judged } = await judgeGrants(pass, look);
    await addAccess(pass, judged, look.seen);
  }
  const removed = await removeAccess(pass, countingReading(look.seen));
`,
      },
    ],
    seed: 9,
    breaks: "removals-first",
  },
];
