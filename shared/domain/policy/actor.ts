import type { Surface } from "../requests/surface.ts";
import type { Member } from "./policy.ts";

/** The person who acts, with the surface and the proof. */
export interface Actor {
  readonly member: Member;
  readonly surface: Surface;
  /** From the API: the gateway's request id and the caller's unique id. From Slack: the hash of the signed body, team and user. */
  readonly proof: Readonly<Record<string, string>>;
  /** The hash of a signed message that may act only once. Absent where the caller signs each call. */
  readonly nonce?: string;
}
