/** What the adapter of a table or of the queue throws when the service fails. */
export class ServiceFailed extends Error {
  override readonly name = "ServiceFailed";
}
