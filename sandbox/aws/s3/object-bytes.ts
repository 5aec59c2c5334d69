/** The bytes of an object, or of a request about one. As JSON, which logs write, only their number. */
export class ObjectBytes {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  toJSON(): string {
    return `${this.bytes.length} bytes`;
  }
}
