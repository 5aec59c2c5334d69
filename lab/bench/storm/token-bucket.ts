import type { VirtualTime } from "../../simulation/virtual-time.ts";

/**
 * A rate limit as a token bucket, which fills at a rate and holds one second's worth. A call takes a
 * token; a call that finds none is throttled and takes nothing. EC2 documents this for its API. For
 * EKS, AWS publishes neither the algorithm nor the rates, so both are an assumption here.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
export class TokenBucket {
  readonly #time: VirtualTime;
  readonly #perSecond: number;
  #tokens: number;
  #filledAt: number;

  constructor(time: VirtualTime, perSecond: number) {
    this.#time = time;
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#filledAt = time.now;
  }

  /** Takes a token if there is one. */
  take(): boolean {
    const { now } = this.#time;
    const filled = this.#tokens + ((now - this.#filledAt) * this.#perSecond) / 1_000;
    this.#tokens = Math.min(this.#perSecond, filled);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
