/** One call of a port: how it takes time, takes effect, and fails. */

import type { CallRecord } from "../../../shared/domain/requests/evidence.ts";
import { BrokerError } from "../../../shared/domain/values/errors.ts";
import { CallFailed, type Failure } from "../../../shared/ports/access-entries.ts";
import { instantOf } from "../virtual-time.ts";
import { brief } from "./brief.ts";
import type { CallFault } from "./call-fault.ts";
import type { CallRequest, Uncalled } from "./call-site.ts";
import type { NetworkConditions } from "./network-conditions.ts";
import { LATE, LATENCY, LEAST, PATIENCE, THROTTLE } from "./network-conditions.ts";
import { ServiceFailed } from "./service-failed.ts";

export class NetworkCall {
  readonly #conditions: NetworkConditions;
  readonly #request: CallRequest;

  constructor(conditions: NetworkConditions, request: CallRequest) {
    this.#conditions = conditions;
    this.#request = request;
  }

  /** @throws CallFailed where too little time is left to start a call to AWS */
  checkTime(): void {
    const { service } = this.#request.site;
    if (this.#left < LEAST && service !== "dynamodb" && service !== "sqs")
      throw this.#fail("throttled", "NoTimeLeft");
  }

  /** Draws how long the answer takes, in milliseconds. */
  drawLatency(): number {
    return this.#conditions.random.between(...LATENCY[this.#request.site.service]);
  }

  /** The service is down. */
  async failInOutage(latency: number): Promise<never> {
    const { time, random } = this.#conditions;
    const left = this.#left;
    this.#strikes("outage");
    this.#disturb(time.now);
    await this.#wait(random.chance(0.2) ? Math.min(PATIENCE, left) : latency);
    throw random.chance(0.5)
      ? this.#fail("busy", "ServiceUnavailable")
      : this.#fail("unknown", "InternalFailure");
  }

  /** The kept connection is dead. */
  async failOnDeadConnection(latency: number): Promise<never> {
    this.#strikes("deadConnection");
    this.#disturb(this.#conditions.time.now);
    await this.#wait(latency);
    throw this.#fail("unknown", "ECONNRESET");
  }

  /** The call before it failed, such as the one that opens its session, so that it was never made. */
  async failUncalled(latency: number, { failure, code, operation }: Uncalled): Promise<never> {
    const { watch, time } = this.#conditions;
    this.#strikes("neverMade");
    this.#disturb(time.now);
    if (failure === "refused") watch.refused(this.#request.invocation, this.#request.operation);
    await this.#wait(latency);
    throw this.#fail(failure, code, operation);
  }

  /** The call takes this long, in milliseconds, and is answered if its function is still there. */
  async takeLong(millis: number): Promise<unknown> {
    this.#strikes("takesLong");
    // The run has no time left for its own calls, also where this one is a read that is answered.
    this.#disturb(this.#conditions.time.now + millis, "takesLong");
    return await this.travel(undefined, millis);
  }

  /** The function ends before the call leaves it. */
  crashBefore(): Promise<never> {
    const { watch, time } = this.#conditions;
    const { invocation, operation } = this.#request;
    this.#strikes("crashBefore");
    watch.disturbed(invocation, time.now, operation);
    this.#note(() => "the function ends before the call");
    invocation.cut();
    return never();
  }

  /** The call goes out, and takes effect unless the fault keeps it from that. */
  async travel(fault: CallFault | undefined, latency: number): Promise<unknown> {
    const { time, random, watch } = this.#conditions;
    const { invocation, operation, site } = this.#request;
    if (site.writes) watch.launched(invocation, operation);
    if (fault === "slow") this.#disturb(time.now + PATIENCE);
    await time.delay(fault === "slow" ? random.between(500, PATIENCE - 100) : latency);
    if (invocation.isCut()) {
      // It was under way when the function was cut off: it takes effect or does not.
      this.#strikes("cutOff");
      if (site.writes && random.chance(0.5)) this.#landLate();
      else this.#landed();
      return await never();
    }
    if (fault !== undefined) this.#strikes(fault);
    switch (fault) {
      case "throttled":
        return await this.#throttle();
      case "conflict":
        throw this.#conflict();
      case "crashAfter":
        return await this.#crashAfter();
      case "unansweredApplied":
        return await this.#loseAnswer();
      case "unansweredLate":
        return await this.#arriveLate();
      default:
        return await this.#answer();
    }
  }

  async #throttle(): Promise<never> {
    const { time, random, reserveMillis } = this.#conditions;
    this.#landed();
    this.#disturb(time.now);
    const patience = Math.min(THROTTLE, this.#left - reserveMillis);
    await this.#wait(Math.max(0, random.between(0, patience)));
    throw this.#fail("throttled", "ThrottlingException");
  }

  #conflict(): Error {
    this.#landed();
    this.#disturb(this.#conditions.time.now);
    this.#note(() => "TransactionConflict");
    return this.#request.site.meets === "item"
      ? new ServiceFailed("TransactionConflictException")
      : new BrokerError("dependency-unavailable", "The table is too busy right now.");
  }

  #crashAfter(): Promise<never> {
    const { watch, time } = this.#conditions;
    const { invocation, operation } = this.#request;
    watch.disturbed(invocation, time.now, operation);
    this.#note(() => "takes effect, and the function ends");
    ignoreAnswer(this.#effect());
    this.#landed();
    invocation.cut();
    return never();
  }

  async #loseAnswer(): Promise<never> {
    this.#disturb(this.#conditions.time.now + PATIENCE);
    ignoreAnswer(this.#effect());
    this.#landed();
    await this.#wait(PATIENCE);
    throw this.#fail("unknown", "Timeout (took effect)");
  }

  async #arriveLate(): Promise<unknown> {
    this.#landLate();
    await this.#wait(PATIENCE);
    throw this.#fail("unknown", "Timeout (takes effect late)");
  }

  async #answer(): Promise<unknown> {
    this.#landed();
    try {
      const answer = await this.#effect();
      this.#note(() => brief([answer]));
      return answer;
    } catch (error) {
      this.#note(() => String(error));
      throw error;
    }
  }

  /** Takes effect after a while, when no caller waits for the answer. */
  #landLate(): void {
    const { time } = this.#conditions;
    const after = this.#drawLateness();
    this.#disturb(time.now + after);
    time.after(after, () => {
      this.#note(() => "takes effect late");
      ignoreAnswer(this.#effect(true));
      this.#landed();
    });
  }

  /** How long after it was given up the call takes effect, in milliseconds: often soon. */
  #drawLateness(): number {
    const { random, profile } = this.#conditions;
    const { service } = this.#request.site;
    const isSigned = service === "eks" || service === "scheduler";
    const latest = isSigned ? profile.lateSeconds * 1_000 : LATE[service];
    return random.between(0, random.chance(0.4) ? latest / 20 : latest);
  }

  #effect(late = false): Promise<unknown> {
    this.#conditions.watch.applying(this.#request.invocation, late);
    return this.#request.apply();
  }

  #strikes(fault: string): void {
    this.#conditions.tally.strikes(this.#request.operation, fault);
  }

  #landed(): void {
    const { invocation, operation, site } = this.#request;
    if (site.writes) this.#conditions.watch.landed(invocation, operation);
  }

  #disturb(until: number, operation = this.#request.operation): void {
    const { invocation, site, args } = this.#request;
    const subject = site.service === "sqs" ? String(args[0]) : undefined;
    this.#conditions.watch.disturbed(invocation, until, operation, subject);
  }

  /** Waits; a function that was cut off meanwhile never goes on. */
  async #wait(millis: number): Promise<void> {
    await this.#conditions.time.delay(millis);
    if (this.#request.invocation.isCut()) await never();
  }

  /** Milliseconds until the function is cut off. */
  get #left(): number {
    return this.#request.invocation.deadline - this.#conditions.time.now;
  }

  #note(result: () => string): void {
    const { watch } = this.#conditions;
    const { invocation, operation, args } = this.#request;
    watch.note(invocation.name, () => `${operation}(${brief(args)}) → ${result()}`);
  }

  /** The error of the port: an adapter of AWS's says how it failed, a table's only that it did. */
  #fail(failure: Failure, code: string, operation = this.#request.operation): Error {
    const { invocation, site, nextRequestId } = this.#request;
    this.#note(() => code);
    if (site.service === "dynamodb" || site.service === "sqs") return new ServiceFailed(code);
    const requestId = nextRequestId();
    const record: CallRecord = {
      operation,
      requestId: failure === "unknown" ? null : requestId,
      sessionName: "timelatch",
      at: instantOf(this.#conditions.time.now + invocation.skew),
      result: code,
    };
    return new CallFailed(failure, code, `${operation}: ${code}`, record);
  }
}

/** The answer of a call whose function has ended: it never comes. */
export const never = () => new Promise<never>(() => {});

const ignoreAnswer = (answer: Promise<unknown>) => {
  answer.catch(() => undefined);
};
