/** A program that the command started has ended, and its exit code is the command's own. It has said why itself. */
export class ProgramEnded extends Error {
  override readonly name = "ProgramEnded";
  readonly code: number;

  /** @param code its exit code; 128 and the number of the signal that ended it */
  constructor(code: number) {
    super(`The program ended with ${code}.`);
    this.code = code;
  }
}
