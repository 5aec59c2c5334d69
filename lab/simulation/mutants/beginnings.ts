/** Mutants: how access begins. */
import type { Mutant } from "./mutant.ts";

const ADD = "shared/usecases/converge/add-access.ts";
const ADMISSION = "shared/domain/policy/admission.ts";
const ADMIT = "shared/usecases/converge/admit-grants.ts";
const ARM = "shared/usecases/converge/arm-timers.ts";
const CAPACITY = "shared/domain/policy/capacity.ts";
const GRANT_TIME = "shared/domain/requests/grant-time.ts";
const CHECKS = "shared/usecases/requests/decision-checks.ts";
const LIFECYCLE = "shared/domain/requests/lifecycle.ts";
const JUDGE = "shared/usecases/converge/judge-grants.ts";

export const BEGINNINGS: readonly Mutant[] = [
  {
    name: "adds access although its schedule could not be armed",
    edits: [
      {
        file: ADD,
        from: "hasBegun(grant) || timers.ready.has(grant.id)",
        to: "hasBegun(grant) || timers.ready.size < 99",
      },
    ],
    seed: 85,
    breaks: "schedule-first",
  },
  {
    name: "arms no schedule for a grant",
    edits: [
      {
        file: ARM,
        from: "      await ports.schedules.armRevocation(id, binding, revokeAt);\n",
        to: "",
      },
    ],
    seed: 2,
    breaks: "schedule-first",
  },
  {
    name: "leaves the fuse at its old time when a grant is extended",
    edits: [
      {
        file: "shared/domain/entries/fuses.ts",
        from: "sure && target === wanted.target && at === wanted.at",
        to: "sure && target === wanted.target && at !== null",
      },
    ],
    seed: 7,
    breaks: "schedule-first",
  },
  {
    name: "starts access with too little time left",
    edits: [
      {
        file: ADMISSION,
        from: "if (!hasBegun && isTooLate(request, settings, now))",
        to: "if (hasBegun === undefined)",
      },
      {
        file: ADMIT,
        from: 'return isTooLate(grant, settings, now)\n      ? "keep"\n      : judgeHistory(',
        to: "return judgeHistory(",
      },
    ],
    seed: 14,
    breaks: "not-too-late",
  },
  {
    name: "fails a grant as too late after its access began",
    edits: [
      {
        file: ADMISSION,
        from: "if (!hasBegun && isTooLate(",
        to: "if (isTooLate(",
      },
    ],
    seed: 12,
    breaks: "begun-stays",
  },
  {
    name: "trusts an approval in the table without checking it",
    edits: [
      {
        file: ADMIT,
        from: "if (!refusal)\n    return isTooLate",
        to: 'if (refusal !== null) return "admit";\n  if (!refusal)\n    return isTooLate',
      },
    ],
    seed: 36,
    breaks: "nothing-unapproved",
  },
  {
    name: "starts a grant before its start time",
    edits: [
      {
        file: GRANT_TIME,
        from: '(state === "approved" && start !== null && start <= now)',
        to: '(state === "approved" && start !== null)',
      },
    ],
    seed: 12,
    breaks: "nothing-unapproved",
  },
  {
    name: "lends to a recreated role of the same name",
    edits: [
      {
        file: "shared/usecases/converge/obstacle.ts",
        from: "ledger.principalId !== null && ledger.principalId !== principal.id",
        to: 'ledger.principalId === "" && ledger.principalId !== principal.id',
      },
      { file: ADMIT, from: "if (successor) return successor;", to: "" },
    ],
    scenario: "a role is made again under its old name",
    breaks: "nothing-inherited",
  },
  {
    name: "checks the cluster only after the entry was replaced",
    edits: [
      {
        file: JUDGE,
        from: 'isMissing || seen.sight !== "same" || known.ledger.doubt !== null',
        to: 'seen.sight === "replaced"',
      },
    ],
    scenario: "an entry is deleted with its cluster",
    breaks: "nothing-inherited",
  },
  {
    name: "lets people approve their own requests",
    edits: [
      {
        file: CHECKS,
        from: "if (request.requester === member.name)",
        to: "if (request.requester === undefined)",
      },
      {
        file: CHECKS,
        from: "if (holdsPrincipal(policy, member, request))",
        to: "if (request.requester === undefined)",
      },
    ],
    seed: 3,
    breaks: "no-self-approval",
  },
  {
    name: "does not chain audit events",
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
    name: "adds access before it removes overdue access",
    edits: [
      {
        file: "shared/usecases/converge/one-pass.ts",
        from: "  learn(pass, { ledger: withOver(snapshotOf(pass)) });\n",
        to: `  if (look.seen) {
    const { judged } = await judgeGrants(pass, look);
    const admitted = pass.grants.open.filter(({ id }) => judged.admitted.has(id));
    await addAccess(pass, { admitted, leans: judged.leans }, look.seen, fuses);
  }
  learn(pass, { ledger: withOver(snapshotOf(pass)) });
`,
      },
    ],
    seed: 12,
    breaks: "removals-first",
  },
  {
    name: "fails a grant on the first refusal that may pass",
    edits: [
      {
        file: "shared/usecases/converge/refuse-grants.ts",
        from: "secondsBetween(since, now) < ports.settings.policySkewSeconds",
        to: "secondsBetween(since, now) < 0",
      },
    ],
    scenario: "AWS denies an addition at first",
  },
  {
    name: "has no cap on open grants",
    edits: [{ file: CAPACITY, from: "has.open + more <= most.open && ", to: "" }],
    scenario: "a person has every grant that the cap allows",
  },
  {
    name: "counts ending grants as open ones",
    edits: [
      {
        file: CAPACITY,
        from: "has.open + more <= most.open && ",
        to: "has.open + has.ending + more <= most.open && ",
      },
    ],
    scenario: "earlier grants of a person are still ending",
  },
];
