/**
 * Knows everything about a run. It knows what others want on each entry, which calls are under way,
 * and what went wrong when. It checks everything that takes effect, and reports which invariant
 * broke. It shares the domain's set operations on scopes with the broker, and none of its
 * decisions.
 */
import type { DelegationRecord } from "../../../shared/domain/delegations/delegation-record.ts";
import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import type { FuseOrder } from "../../../shared/domain/entries/fuse-schedule.ts";
import type { Ledger } from "../../../shared/domain/entries/ledger.ts";
import type { CallRecord } from "../../../shared/domain/requests/evidence.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { EntryAddress } from "../../../shared/ports/access-entries.ts";
import type { Ending, Invocation } from "../invocation.ts";
import type { CallWatch } from "../network/call-watch.ts";
import { Agreements } from "./agreements.ts";
import { edited } from "./ambiguity.ts";
import { noticeBoundsOf } from "./bounds.ts";
import { entryChanged } from "./calls.ts";
import { deadLetter } from "./dead-letters.ts";
import { DelegationWatch } from "./delegations.ts";
import { inspect } from "./elements.ts";
import { EndWatch } from "./ends.ts";
import { EscalationWatch } from "./escalations.ts";
import { EvidenceWatch } from "./evidence.ts";
import { Facts, type FactsOptions } from "./facts.ts";
import { checkFuses, fuseFires } from "./fuses.ts";
import { type AnsweredCall, isQuiet, lastChecks } from "./last-checks.ts";
import { LedgerWatch } from "./ledgers.ts";
import { MachineWatch } from "./machines.ts";
import { NoticeWatch } from "./notices.ts";
import { sessionRefused } from "./refusals.ts";
import { Runs } from "./runs.ts";
import { settle } from "./settle.ts";
import { ShiftWatch } from "./shifts.ts";
import { stepStored } from "./steps.ts";
import { StopWatch } from "./stops.ts";
import { storedDelegation } from "./stored-subject.ts";
import { TicketWatch } from "./tickets.ts";
import { newTruth, type Truth } from "./truth.ts";

export class Oracle implements CallWatch {
  readonly facts: Facts;
  readonly notices: NoticeWatch;
  readonly evidence: EvidenceWatch;
  readonly agreements: Agreements;
  readonly delegations: DelegationWatch;
  readonly machines: MachineWatch;
  readonly shifts: ShiftWatch;
  readonly tickets: TicketWatch;
  readonly #ofSteps: readonly { stored(step: Step): void }[];
  readonly stops: StopWatch;
  readonly #runs: Runs;
  readonly ends: EndWatch;
  readonly #ledgers: LedgerWatch;

  constructor(options: FactsOptions) {
    this.facts = new Facts(options);
    this.agreements = new Agreements(this.facts);
    this.delegations = new DelegationWatch(this.facts);
    this.machines = new MachineWatch(this.facts);
    this.shifts = new ShiftWatch(this.facts);
    this.tickets = new TicketWatch(this.facts);
    const escalations = new EscalationWatch(this.facts);
    this.#ofSteps = [this.agreements, escalations, this.machines, this.shifts, this.tickets];
    this.stops = new StopWatch(this.facts);
    this.#runs = new Runs(this.facts);
    this.ends = new EndWatch(this.facts);
    this.#ledgers = new LedgerWatch(this.facts);
    this.evidence = new EvidenceWatch(this.facts);
    this.notices = new NoticeWatch(this.facts, noticeBoundsOf(options.stack, options.profile));
  }

  get violations() {
    return this.facts.violations;
  }

  get truths(): ReadonlyMap<string, Truth> {
    return this.facts.truths;
  }

  watchOver(binding: string, name: string, address: EntryAddress): void {
    const entry = this.facts.options.peek(address);
    this.facts.truths.set(binding, newTruth({ binding, name, address }, entry));
  }

  note(actor: string, what: () => string): void {
    this.facts.note(actor, what);
  }

  applying(invocation: Invocation, late: boolean): void {
    this.#runs.applying(invocation, late);
  }

  disturbed(invocation: Invocation, until: number, operation: string, subject?: string): void {
    this.#runs.disturbed(invocation, until, operation, subject);
  }

  refused(invocation: Invocation, operation: string): void {
    sessionRefused(this.facts, invocation, operation);
  }

  launched(invocation: Invocation, operation: string): void {
    this.#runs.launched(invocation, operation);
  }

  landed(invocation: Invocation, operation: string): void {
    this.#runs.landed(invocation, operation);
  }

  runBegan(binding: string): void {
    this.#runs.began(binding);
  }

  ended(invocation: Invocation, ending: Ending): void {
    const hasLooked = this.#runs.ended(invocation, ending);
    const truth = this.facts.truths.get(invocation.binding ?? "");
    if (truth && hasLooked) checkFuses(this.facts, truth);
  }

  /** A run was overtaken: another run has its message, saved the ledger, or somebody changed a record. */
  fenced(by: "message" | "ledger" | "record"): void {
    this.facts.options.tally.count("runs", `fenced by the ${by}`);
    const invocation = this.facts.current?.invocation;
    if (invocation) this.#runs.fenced(invocation, by);
  }

  heldUp(binding: string, until: number): void {
    this.facts.options.tally.count("messages", "deliveredAgain");
    const truth = this.truths.get(binding);
    if (truth) this.facts.disturb(truth, until);
  }

  /** An intruder wrote this request as it stands. */
  wasForged(id: string): void {
    this.facts.forged.add(id);
    this.facts.isForged = true;
    this.facts.savedAt.set(id, this.facts.now);
  }

  /** An intruder moved the end of this request in the table. */
  wasMoved(id: string): void {
    this.facts.isForged = true;
    this.notices.wasTamperedWith(id);
  }

  deadLetter(binding: string, body: string): void {
    deadLetter(this.facts, this.truths.get(binding), body);
  }

  /** Nothing reaches converge, so nothing can happen in time. */
  unreachable(until: number): void {
    for (const truth of this.truths.values()) this.facts.disturb(truth, until);
  }

  /** Steps of one transaction. */
  stepsStored(steps: readonly Step[]): void {
    for (const { request } of steps) this.facts.savedAt.set(request.id, this.facts.now);
    for (const step of steps) {
      stepStored(this.facts, step);
      for (const watch of this.#ofSteps) watch.stored(step);
      this.stops.stepStored(step);
      this.notices.stored(step);
    }
    const isEnd = steps.some(({ event }) => event.type === "settle" || event.type === "refuse");
    const { current } = this.facts;
    if (isEnd && current) this.#runs.endStored(current.invocation);
  }

  /** A delegation, or its end. */
  delegationStored(records: readonly DelegationRecord[]): void {
    const last = records.at(-1);
    if (!last) return;
    this.delegations.stored(last);
    this.notices.subjectStored(storedDelegation(this.facts.options.policy, records));
  }

  ledgerSaved(ledger: Ledger): void {
    const { current } = this.facts;
    if (current) this.#runs.saved(current.invocation, ledger);
    this.#ledgers.saved(ledger);
    const begun = Object.keys(ledger.begun);
    for (const watch of [this.delegations, this.machines]) watch.begun(begun);
    for (const watch of [this.shifts, this.tickets]) watch.begun(ledger);
  }

  /** DynamoDB deleted an emptied ledger. The next one begins at revision 1. */
  ledgerExpired(binding: string): void {
    this.#ledgers.expired(binding);
  }

  /** A revocation was armed. */
  armed(grantId: string, at: string): void {
    this.facts.armed.set(grantId, at);
  }

  /** A read of an entry was answered. */
  entryRead(): void {
    const invocation = this.facts.current?.invocation;
    if (invocation) this.#runs.hasRead(invocation);
  }

  /** A call of the broker's changed an entry, or tried to. */
  entryChanged(truth: Truth, before: ActualEntry | undefined, call: CallRecord | undefined): void {
    entryChanged({ facts: this.facts, runs: this.#runs, stops: this.stops }, truth, before, call);
    this.ends.inspect(truth, before);
  }

  /** Others changed the entry by hand. */
  edited(truth: Truth, before: ActualEntry | undefined): void {
    edited(this.facts, truth, before);
    this.ends.inspect(truth, before);
  }

  /** A fuse is about to take a target, or the whole entry. */
  fuseFires(truth: Truth, fuse: FuseOrder): void {
    fuseFires(this.facts, truth, fuse);
  }

  // Checks at any time, and at the end.

  inspect(truth: Truth): void {
    inspect(this.facts, truth);
    this.ends.inspect(truth, this.facts.actual(truth));
    for (const request of this.facts.open(truth))
      if (!this.facts.forged.has(request.id))
        for (const watch of [this.stops, this.tickets]) watch.inspect(truth, request);
  }

  inspectAll(): void {
    for (const truth of this.truths.values()) {
      this.inspect(truth);
      this.#ledgers.checkFuses(truth);
    }
    this.notices.inspect();
  }

  /** Whether nothing is open, due or under way. */
  isQuiet(): boolean {
    return isQuiet(this.facts);
  }

  conclude(calls: readonly AnsweredCall[]): void {
    for (const truth of this.truths.values()) settle(this.facts, truth, true);
    this.inspectAll();
    if (this.violations.length === 0) this.ends.conclude();
    lastChecks(this.facts, calls);
  }
}
