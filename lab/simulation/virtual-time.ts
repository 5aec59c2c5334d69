/**
 * Virtual time, which passes only from event to event. Between two events every promise that can
 * continue does so. So a run is the same each time, and hours take milliseconds.
 */
interface TimedEvent {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class VirtualTime {
  #now: number;
  #order = 0;
  readonly #heap: TimedEvent[] = [];

  /** @param start milliseconds since the epoch */
  constructor(start: number) {
    this.#now = start;
  }

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Runs something at `at`, or next where that is past. Events of one moment keep their order. */
  at(at: number, run: () => void): void {
    this.#order += 1;
    push(this.#heap, { at: Math.max(at, this.#now), order: this.#order, run });
  }

  after(millis: number, run: () => void): void {
    this.at(this.#now + millis, run);
  }

  delay(millis: number): Promise<void> {
    return new Promise((resolve) => this.after(millis, resolve));
  }

  /** Runs events until none is left, or `isOver`, which it asks before each one. */
  run(isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = () => {
        try {
          const next = isOver() ? undefined : pop(this.#heap);
          if (!next) {
            resolve();
            return;
          }
          this.#now = next.at;
          next.run();
          // Node.js empties the queue of microtasks before it takes the next tick.
          queueMicrotask(() => process.nextTick(step));
        } catch (error) {
          reject(error);
        }
      };
      process.nextTick(step);
    });
  }
}

/** An instant in ISO 8601, UTC. @param millis since the epoch */
export const instantOf = (millis: number): string => new Date(millis).toISOString();

const isBefore = (a: TimedEvent, b: TimedEvent) =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: TimedEvent[], event: TimedEvent): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (!above || isBefore(above, event)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = event;
}

function pop(heap: TimedEvent[]): TimedEvent | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const child = left && right && isBefore(right, left) ? right : left;
    if (!child || isBefore(last, child)) break;
    heap[at] = child;
    at = child === left ? 2 * at + 1 : 2 * at + 2;
  }
  heap[at] = last;
  return first;
}
