/**
 * Protocols that are broken on purpose, each in one way. The simulation has to catch every one:
 * where it does not, an invariant is too weak, or the world too kind.
 */
import type { InvariantId } from "./invariants.ts";

export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface Mutant {
  /** What the broken broker does. */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The first seed that catches it, and what it breaks there. */
  readonly seed: number;
  readonly breaks: InvariantId;
}

const ADMISSION = "shared/domain/admission.ts";
const CLAIM = "shared/domain/claim.ts";
const OBSERVE = "shared/domain/observe.ts";
const PLAN = "shared/domain/plan.ts";
const ARM = "shared/usecases/arm-schedules.ts";
const BOOK = "shared/usecases/grant-book.ts";
const CONCLUDE = "shared/usecases/conclude-grants.ts";
const DECIDE = "shared/usecases/decide-request.ts";
const LIFECYCLE = "shared/domain/lifecycle.ts";
const READ = "shared/usecases/read-entry.ts";
const CONVERGE = "shared/usecases/converge.ts";
const JUDGE = "shared/usecases/judge-grants.ts";
const RECONCILE = "shared/usecases/reconcile-entry.ts";
const SWEEP = "shared/usecases/sweep.ts";
const TIDY = "shared/usecases/tidy-binding.ts";
const REQUESTS = "test/fakes/memory-request-store.ts";
const BINDINGS = "test/fakes/memory-binding-store.ts";
const QUEUE = "test/simulation/fifo-queue.ts";
const WORLD = "test/simulation/world.ts";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "gives access before its schedule is armed",
    edits: [
      {
        file: ARM,
        from: "await attempt([id], () => ports.schedules.armRevocation(id, book.binding, revokeAt));",
        to: "missing.has(id);",
      },
      {
        file: CONVERGE,
        from: "  const concluded = await concludeGrants(",
        to: `  for (const { id, state, revokeAt } of book.open)
    if (judged.admitted.has(id) && state === "approved" && revokeAt !== null)
      await ports.schedules.armRevocation(id, book.binding, revokeAt).catch(() => undefined);
  const concluded = await concludeGrants(`,
      },
    ],
    seed: 2,
    breaks: "schedule-first",
  },
  {
    name: "gives access although its schedule could not be armed",
    edits: [{ file: ARM, from: "for (const id of grantIds) missing.add(id);", to: "" }],
    seed: 66,
    breaks: "schedule-first",
  },
  {
    name: "writes steps without a condition on the version",
    edits: [{ file: REQUESTS, from: "if (stored !== event.seq - 1)", to: "if (stored < 0)" }],
    seed: 6,
    breaks: "one-verdict",
  },
  {
    name: "deletes entries whoever made them",
    edits: [
      {
        file: PLAN,
        from: "if (ledger.owned && !wanted && !others)",
        to: "if (!wanted && !others)",
      },
    ],
    seed: 22,
    breaks: "others-entry-stays",
  },
  {
    name: "deletes its entry though others use it by now",
    edits: [
      {
        file: PLAN,
        from: "if (ledger.owned && !wanted && !others)",
        to: "if (ledger.owned && !wanted)",
      },
    ],
    seed: 41,
    breaks: "others-keep",
  },
  {
    name: "ignores what was there before",
    edits: [
      {
        file: PLAN,
        from: "scopeUnion(baseline, claimed(live, target)),",
        to: "scopeUnion(claimed(live, target)),",
      },
    ],
    seed: 5,
    breaks: "others-keep",
  },
  {
    name: "restores what its owner removed since",
    edits: [
      {
        file: OBSERVE,
        from: "return { baseline: minus(found, onlyOurs), seen",
        to: "return { baseline: held.baseline, seen",
      },
    ],
    seed: 5,
    breaks: "nothing-unapproved",
  },
  {
    name: "takes all that it finds for others'",
    edits: [
      {
        file: OBSERVE,
        from: "return { baseline: minus(found, onlyOurs), seen",
        to: "return { baseline: found, seen",
      },
    ],
    seed: 17,
    breaks: "end-seen",
  },
  {
    name: "lets the last grant's scope win",
    edits: [
      {
        file: PLAN,
        from: "scopeUnion(baseline, claimed(live, target)),",
        to: "scopeUnion(baseline, live.filter((claim) => claim.target === target).at(-1)?.elements ?? EMPTY),",
      },
    ],
    seed: 206,
    breaks: "evidence-whole",
  },
  {
    name: "ends a grant at whatever message comes",
    edits: [
      { file: BOOK, from: "revokeAt !== null && revokeAt <= now;", to: "revokeAt !== null;" },
    ],
    seed: 2,
    breaks: "not-early",
  },
  {
    name: "never ends a grant by its time",
    edits: [
      { file: BOOK, from: "revokeAt !== null && revokeAt <= now;", to: "revokeAt === undefined;" },
      {
        file: CLAIM,
        from: "return begun && revokeAt !== null && now < revokeAt;",
        to: "return begun;",
      },
    ],
    seed: 3,
    breaks: "no-overstay",
  },
  {
    name: "tells a grant active before it was seen",
    edits: [{ file: CONCLUDE, from: "claim.live && isThere(claim, entry))", to: "claim.live)" }],
    seed: 51,
    breaks: "start-seen",
  },
  {
    name: "tells an end before it was seen",
    edits: [
      {
        file: CONCLUDE,
        from: 'grant.state === "ending" && certain && isGone(claim, entry))',
        to: 'grant.state === "ending")',
      },
    ],
    seed: 96,
    breaks: "end-seen",
  },
  {
    name: "tells ends while calls may still land",
    edits: [
      {
        file: CONCLUDE,
        from: "entry.readBack && !isUncertain(entry.ledger, entry.readAt);",
        to: "entry.readBack;",
      },
    ],
    seed: 1157,
    breaks: "no-return",
  },
  {
    name: "takes the whole association away where only a part is over",
    edits: [
      {
        file: PLAN,
        from: "return stepsTo(target, elements).map(",
        to: "return stepsTo(target, rank === RANK.remove && target !== GROUPS ? EMPTY : elements).map(",
      },
    ],
    seed: 6,
    breaks: "active-has-access",
  },
  {
    name: "disassociates before it gives an association another scope",
    edits: [
      {
        file: PLAN,
        from: 'return scope ? [{ kind: "associate", target, scope }] : [];',
        to: 'return scope ? [{ kind: "disassociate", target }, { kind: "associate", target, scope }] : [];',
      },
    ],
    seed: 7,
    breaks: "others-keep",
  },
  {
    name: "works on one binding twice at once",
    edits: [
      {
        file: QUEUE,
        from: "!seen.has(message.group) && !this.#held.has(message.group)",
        to: "message.receives === 0",
      },
    ],
    seed: 54,
    breaks: "no-overstay",
  },
  {
    name: "takes for done what it called for, without reading back",
    edits: [
      {
        file: RECONCILE,
        from: "const after = await readBack(ports, book, address, run);",
        to: `const gone = plan.steps.some(({ kind }) => kind === "delete-entry");
  const none = { accessEntryArn: "assumed", type: "STANDARD", createdAt: now, tags: { "timelatch:token": intent.token }, targets: {} };
  const assumed = gone ? undefined : { ...(found ?? none), targets: { ...found?.targets, ...desired } };
  const after = { read: true as const, actual: assumed };
  void readBack;`,
      },
    ],
    seed: 44,
    breaks: "start-seen",
  },
  {
    name: "sends a binding once a version",
    edits: [
      { file: WORLD, from: "conveyor(queue, () => {", to: "conveyor(queue, tables, () => {" },
      {
        file: WORLD,
        from: "function conveyor(queue: FifoQueue, fresh",
        to: "function conveyor(queue: FifoQueue, tables: MemoryTables, fresh",
      },
      {
        file: WORLD,
        from: "[subject, turn]",
        to: "[subject, tables.heads.get(subject)?.version ?? turn]",
      },
    ],
    seed: 7,
    breaks: "starts-in-time",
  },
  {
    name: "sends a binding once a cause",
    edits: [
      {
        file: WORLD,
        from: "queue.send(subject, cause, fresh())",
        to: 'queue.send(subject, cause, [subject, cause].join(" "))',
      },
    ],
    seed: 6,
    breaks: "starts-in-time",
  },
  {
    name: "adds access before it removes what is over",
    edits: [{ file: PLAN, from: "{ remove: 0, add: 1 }", to: "{ remove: 1, add: 0 }" }],
    seed: 150,
    breaks: "removals-first",
  },
  {
    name: "takes an entry that it made for another's after an answer was lost",
    edits: [
      {
        file: OBSERVE,
        from: "if (bearsOurToken(before, actual.tags))",
        to: "if (bearsOurToken(before, {}) && before.owned)",
      },
    ],
    seed: 4,
    breaks: "nothing-left",
  },
  {
    name: "uses a token again for another entry",
    edits: [
      {
        file: RECONCILE,
        from: "(creating && known.tokenSpent ?",
        to: '(creating && known.token === "" ?',
      },
    ],
    seed: 79,
    breaks: "active-has-access",
  },
  {
    name: "leaves the fuse where it is when a grant is extended",
    edits: [
      {
        file: ARM,
        from: "([target, at]) => fuses[target] !== at,",
        to: "([target]) => !(target in fuses),",
      },
    ],
    seed: 20,
    breaks: "schedule-first",
  },
  {
    name: "arms a fuse on what others use",
    edits: [
      {
        file: ARM,
        from: "return (targets[target]?.baseline ?? EMPTY).length === 0;",
        to: "return true;",
      },
    ],
    seed: 11,
    breaks: "fuse-aimed",
  },
  {
    name: "leaves the fuse for groups on an entry that others use",
    edits: [{ file: ARM, from: "return !foreign && !used && !others;", to: "return !foreign;" }],
    seed: 60,
    breaks: "fuse-aimed",
  },
  {
    name: "starts access however little time is left",
    edits: [
      {
        file: ADMISSION,
        from: "if (begins && secondsBetween(",
        to: 'if (begins && expiresAt === "" && secondsBetween(',
      },
    ],
    seed: 15,
    breaks: "not-too-late",
  },
  {
    name: "gives up after three failures",
    edits: [
      {
        file: CONVERGE,
        from: "const retry = unfinished ? [",
        to: "const retry = unfinished && attempts < 3 ? [",
      },
    ],
    seed: 170,
    breaks: "starts-in-time",
  },
  {
    name: "believes what the table says of an approval",
    edits: [
      {
        file: JUDGE,
        from: "} else if (admission.admitted) admitted",
        to: "} else if (admission) admitted",
      },
    ],
    seed: 6,
    breaks: "nothing-unapproved",
  },
  {
    name: "believes that a grant is active because the table says so",
    edits: [
      {
        file: JUDGE,
        from: "!Object.hasOwn(ledger.deadlines, grant.id)",
        to: "ledger.schema !== 1",
      },
    ],
    seed: 118,
    breaks: "final-in-time",
  },
  {
    name: "believes a later end that was written afterwards",
    edits: [
      {
        file: BOOK,
        from: "this.#grants.set(id, { ...grant, revokeAt, expiresAt });",
        to: "void expiresAt;",
      },
    ],
    seed: 6,
    breaks: "final-in-time",
  },
  {
    name: "forgets targets and timers while somebody else writes",
    edits: [
      {
        file: TIDY,
        from: "const frozen = book.conflicted || ",
        to: "const frozen = ",
      },
    ],
    seed: 11,
    breaks: "end-seen",
  },
  {
    name: "parks a binding that somebody changed since",
    edits: [{ file: BINDINGS, from: "if (head?.version === version)", to: "if (head)" }],
    seed: 7073,
    breaks: "final-in-time",
  },
  {
    name: "calls before it has written down what it attempts",
    edits: [
      {
        file: RECONCILE,
        from: "  await ports.ledgers.save(ledger);\n  return ledger;",
        to: "  return ledger;",
      },
    ],
    seed: 15,
    breaks: "schedule-first",
  },
  {
    name: "does not look whether others changed something",
    edits: [
      {
        file: CONVERGE,
        from: "lookAt: live ? plusSeconds(",
        to: 'lookAt: live && now === "" ? plusSeconds(',
      },
    ],
    seed: 125,
    breaks: "active-has-access",
  },
  {
    name: "misses a time that comes while it is at work",
    edits: [{ file: CONVERGE, from: "ownTimes(judgedAt))", to: "ownTimes(ports.chance.now()))" }],
    seed: 393,
    breaks: "starts-in-time",
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
    seed: 6,
    breaks: "nothing-unapproved",
  },
  {
    name: "lends to a role that came under the same name",
    edits: [
      {
        file: JUDGE,
        from: 'const successor = grant.state === "approved" ? successorIn',
        to: 'const successor = grant.state === "pending" ? successorIn',
      },
    ],
    seed: 201,
    breaks: "nothing-inherited",
  },
  {
    name: "loses the calls of a pass when somebody else wrote first",
    edits: [{ file: CONVERGE, from: "calls: concluded.unrecorded,", to: "calls: new Map()," }],
    seed: 34,
    breaks: "evidence-whole",
  },
  {
    name: "takes others' addition for its own because a new grant asks for the same",
    edits: [
      {
        file: OBSERVE,
        from: "newcomer && !mixed ? [] : begun;",
        to: "newcomer && !mixed ? [] : claims;",
      },
    ],
    seed: 430,
    breaks: "others-keep",
  },
  {
    name: "takes a clock that is behind for a grant that has not begun",
    edits: [
      {
        file: CLAIM,
        from: 'state === "active" || (state',
        to: '(state === "active" && start !== null && start <= now) || (state',
      },
    ],
    seed: 136,
    breaks: "active-has-access",
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
    name: "cannot stand a message about nothing",
    edits: [
      {
        file: CONVERGE,
        from: "    await park(ports, view, book, now, result);",
        to: `    await park(ports, view, book, now, result);
    if (view.version > 0 && view.grants.length === 0) await ports.requests.load("none");`,
      },
    ],
    seed: 9,
    breaks: "no-dead-letter",
  },
  {
    name: "falls over a principal that is gone",
    edits: [
      {
        file: READ,
        from: 'if (found === undefined) return { kind: "gone" };',
        to: 'if (found === undefined) throw new TypeError("found is undefined");',
      },
    ],
    seed: 317,
    breaks: "no-surprise",
  },
  {
    name: "sends what is due in the first sweep alone",
    edits: [
      {
        file: SWEEP,
        from: "const turn = floorTo(now, ports.settings.sweepPeriodSeconds / 2);",
        to: "const turn = floorTo(now, 86_400);",
      },
    ],
    seed: 7,
    breaks: "starts-in-time",
  },
];
