/** Mutants: the order in which a run loads, saves and calls. */
import type { Mutant } from "./mutant.ts";

const ORDER = "shared/usecases/converge/order-fuses.ts";
const CALL = "shared/usecases/converge/call-entry.ts";
const CLEAN = "shared/usecases/converge/clean-up.ts";
const CONCLUDE = "shared/usecases/converge/conclude-grants.ts";
const FORGET = "shared/domain/entries/forget.ts";
const ONE_PASS = "shared/usecases/converge/one-pass.ts";
const PASS = "shared/usecases/converge/pass.ts";
const LEDGERS = "lab/fakes/memory-ledger-store.ts";
const BINDINGS = "lab/fakes/memory-binding-store.ts";
const REQUESTS = "lab/fakes/memory-request-checks.ts";
const NETWORK = "lab/simulation/network/network-call.ts";
const QUEUE = "lab/simulation/network/fifo-queue.ts";

export const FENCE: readonly Mutant[] = [
  {
    name: "calls EKS before it saves its intent",
    edits: [
      {
        file: CALL,
        from: "allDone([held.save(intent), order.beside?.()])",
        to: "allDone([held.save(planned), order.beside?.()])",
      },
    ],
    seed: 128,
    breaks: "forgotten-once-over",
  },
  {
    name: "saves a ledger without checking its revision",
    edits: [{ file: LEDGERS, from: "if (stored !== ledger.revision)", to: "if (stored < 0)" }],
    seed: 60,
    breaks: "fuse-exists",
  },
  {
    name: "deletes an empty ledger",
    edits: [
      {
        file: LEDGERS,
        from: "      ledgers.set(ledger.binding, saved);\n",
        to: "      if (isEmpty(saved)) ledgers.delete(ledger.binding);\n      else ledgers.set(ledger.binding, saved);\n",
      },
      {
        file: LEDGERS,
        from: "import type { Ledger }",
        to: 'import { isEmpty } from "../../shared/domain/entries/ledger.ts";\nimport type { Ledger }',
      },
    ],
    seed: 7,
    breaks: "revision-once",
  },
  {
    name: "judges grants that are older than the ledger",
    edits: [
      {
        file: "shared/usecases/converge/read-binding.ts",
        from: "ledger === undefined || isAsRecent(ledger, early)",
        to: "ledger === undefined || isAsRecent(ledger, early) || early.version > 0",
      },
    ],
    scenario: "a grant begins between two loads",
    breaks: "active-has-access",
  },
  {
    name: "arms a fuse whose name no save has",
    edits: [
      {
        file: ORDER,
        from: "  await held.save({ ...held.current, fuses: [...held.current.fuses, ...orders] });\n",
        to: "  held.know({ ...held.current, fuses: [...held.current.fuses, ...orders] });\n",
      },
    ],
    seed: 76,
    breaks: "nothing-left",
  },
  {
    name: "reports an end without saving the ledger first",
    edits: [{ file: CONCLUDE, from: "  await held.save(fenced);\n", to: "  held.know(fenced);\n" }],
    scenario: "a grant ends before it begins",
    breaks: "no-return",
  },
  {
    name: "deletes fuses without saving the ledger first",
    edits: [{ file: CLEAN, from: "  await held.fence();\n", to: "" }],
    scenario: "another run cleans up while a fuse is armed",
    breaks: "fuse-exists",
  },
  {
    name: "empties the ledger with the last grant",
    edits: [
      {
        file: FORGET,
        from: "return mayEmpty(shorter, open, begunAt) ? emptied(shorter) : shorter;",
        to: "return open.length === 0 && mayEmpty ? emptied(shorter) : shorter;",
      },
    ],
    seed: 14,
    breaks: "forgotten-once-over",
  },
  {
    name: "drops a grant whose write lost a race",
    edits: [
      {
        file: ONE_PASS,
        from: "  if (grants.isConflicted) return await again(pass, removed, early);\n  const cleaned",
        to: "  const cleaned",
      },
    ],
    seed: 562,
    breaks: "end-seen",
  },
  {
    name: "parks a binding although a later run saved",
    edits: [{ file: BINDINGS, from: " || isLater(head, ledgerRevision, at)", to: "" }],
    scenario: "an idle run parks after a run with doubts",
    breaks: "final-in-time",
  },
  {
    name: "parks a binding that has changed since it was read",
    edits: [
      {
        file: BINDINGS,
        from: "head?.version !== version || isLater(head, ledgerRevision, at)",
        to: "!head || version < 0 || isLater(head, ledgerRevision, at)",
      },
    ],
    scenario: "a grant is approved before the park",
    breaks: "starts-in-time",
  },
  {
    name: "stores steps without checking the version",
    edits: [
      {
        file: REQUESTS,
        from: "!isFiledAt(request, event.seq - 1) || hasEvent(event)",
        to: "placeOf(requests.get(request.id) ?? request) !== placeOf(request)",
      },
    ],
    seed: 7,
    breaks: "one-verdict",
  },
  {
    name: "retries an unanswered call and hides that it was unanswered",
    edits: [
      {
        file: NETWORK,
        from: 'throw this.#fail("unknown", "Timeout (takes effect late)");',
        to: "return await this.#effect();",
      },
    ],
    seed: 51,
    breaks: "forgotten-once-over",
  },
  {
    name: "runs twice at once for one binding, without a fence",
    edits: [
      {
        file: QUEUE,
        from: "!this.#held.has(group) &&",
        to: "",
      },
      { file: LEDGERS, from: "if (stored !== ledger.revision)", to: "if (stored < 0)" },
    ],
    seed: 9,
    breaks: "no-return",
  },
  {
    name: "reuses the name of a fuse",
    edits: [
      {
        file: ORDER,
        from: "ports.ids.newToken()}`).slice(0, 40)",
        to: "target}`).slice(0, 40)",
      },
    ],
    seed: 7,
    breaks: "fuse-exists",
  },
  {
    name: "records a fuse as armed before Scheduler answers",
    edits: [
      {
        file: ORDER,
        from: "return { name, target, at, sure: false, landsUntil",
        to: "return { name, target, at, sure: true, landsUntil",
      },
    ],
    seed: 2,
    breaks: "fuse-exists",
  },
  {
    name: "takes a grant that ends meanwhile for a forged one",
    edits: [
      {
        file: PASS,
        from: "GIVES.has(grant.state) && grant.version <= (outdated",
        to: "grant.version <= (outdated",
      },
    ],
    seed: 55,
    breaks: "none-left-out",
  },
];
