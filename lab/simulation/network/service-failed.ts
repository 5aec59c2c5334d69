/** The error of a table's or the queue's adapter when the service fails. */
export class ServiceFailed extends Error {
  override readonly name = "ServiceFailed";
}
