import type { Access } from "./request.ts";

/** What somebody asks for, in the API's words; `null` where nothing was said. */
export interface Ask {
  readonly cluster: string;
  readonly access: Access;
  readonly durationSeconds: number | null;
  readonly reason: string;
  readonly principalArn: string | null;
  readonly startsAt: string | null;
  readonly rule: string | null;
}
