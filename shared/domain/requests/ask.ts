import type { Access, Via } from "./request.ts";

/** The fields that a person asks for, named as in the API; `null` where one was left out. */
export interface Ask {
  readonly cluster: string;
  readonly access: Access;
  readonly durationSeconds: number | null;
  readonly reason: string;
  readonly principalArn: string | null;
  readonly startsAt: string | null;
  readonly rule: string | null;
  /** Null or absent where one in the reason counts, or none is asked for. */
  readonly ticket?: string | null;
  /** Absent where nobody says that a program asks for them. */
  readonly via?: Via;
}

/** The ask of a dry run: its reason may still be missing. */
export interface DryAsk extends Omit<Ask, "reason"> {
  readonly reason: string | null;
}
