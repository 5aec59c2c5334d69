/** Why no list of people is made of a directory: sentences for whoever runs the command. */
export class SyncRefusal extends Error {
  override readonly name = "SyncRefusal";
  /** The next step, after a colon. */
  readonly next: string;
  constructor(happened: string, next: string) {
    super(happened);
    this.next = next;
  }
}
