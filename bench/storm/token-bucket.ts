import type { VirtualTime } from "../../simulation/virtual-time.ts";

/**
 * How AWS throttles: a bucket of tokens that fills at a rate and holds one second's worth. A call
 * takes one; a call that finds none is turned away and takes nothing.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html
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

  /** Takes a token, where there is one. */
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
