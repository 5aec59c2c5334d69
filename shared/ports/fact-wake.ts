/** Wakes ticket-sweep for what outside has read. It is told keys, and never what to think of them. */
export interface FactWake {
  /** Tickets were read, by their keys. */
  ticketsRead(keys: readonly string[]): Promise<void>;
}
