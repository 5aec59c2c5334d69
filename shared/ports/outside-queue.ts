/** The queue of `outside`. Its messages carry ids, and never what to think of them. */
export interface OutsideQueue {
  /** Has schedules looked at now, by their keys. A look that began within the last 20 s is enough. */
  look(keys: readonly string[]): Promise<void>;
  /** The same of tickets, by their keys: 100 at most. ticket-sweep is woken once they are read. */
  lookAtTickets(keys: readonly string[]): Promise<void>;
}
