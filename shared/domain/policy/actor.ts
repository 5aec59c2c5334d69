import type { Member } from "./policy.ts";

/** Who acts, with proof: the gateway's request id and the caller's unique id. */
export interface Actor {
  readonly member: Member;
  readonly proof: Readonly<Record<string, string>>;
}
