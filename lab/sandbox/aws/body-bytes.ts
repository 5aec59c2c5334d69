/** The bytes of a request's or an answer's body. As JSON, which logs write, only their number. */
export class BodyBytes {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  toJSON(): string {
    return `${this.bytes.length} bytes`;
  }
}
