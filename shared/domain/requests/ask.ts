import type { Access } from "./request.ts";

/** What a person asks for, with the API's field names; `null` where the field was left out. */
export interface Ask {
  readonly cluster: string;
  readonly access: Access;
  readonly durationSeconds: number | null;
  readonly reason: string;
  readonly principalArn: string | null;
  readonly startsAt: string | null;
  readonly rule: string | null;
}
