/** An authorizer's opinion: allowed, or none. No authorizer here can deny. */
export interface Decision {
  readonly allowed: boolean;
  /** In the authorizer's own words; empty where it has nothing to say. */
  readonly reason: string;
}
