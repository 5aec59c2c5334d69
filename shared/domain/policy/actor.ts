import type { Member } from "./policy.ts";

/** Who acts, and the proof that they did: the gateway's request id and their unique id. */
export interface Actor {
  readonly member: Member;
  readonly proof: Readonly<Record<string, string>>;
}
