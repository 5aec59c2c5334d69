/** The state of Amazon SES in the broker's account and region. */
export interface SesState {
  /** Verified addresses and domains. */
  identities: readonly string[];
  /** By name. */
  configurationSets: Readonly<Record<string, ConfigurationSet>>;
  account: SesAccount;
  /** Addresses that SES accepts mail for and sends none, with the reason. */
  suppressed: Readonly<Record<string, "BOUNCE" | "COMPLAINT">>;
  /** The latest messages that were accepted, the oldest first. */
  messages: readonly SesMessage[];
}

export interface ConfigurationSet {
  readonly sendingEnabled: boolean;
  /** The types of events that its destinations are sent. With CLICK, SES rewrites links; with OPEN, it adds an image. */
  readonly eventTypes: readonly string[];
}

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html */
export interface SesAccount {
  /** Without it the account is in SES's sandbox: mail goes to verified identities and nowhere else. */
  readonly productionAccess: boolean;
  readonly sendingEnabled: boolean;
  readonly enforcement: "HEALTHY" | "PROBATION" | "SHUTDOWN";
  /** Recipients in a second, and in 24 hours. */
  readonly maxSendRate: number;
  readonly max24HourSend: number;
}

export interface SesMessage {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Without a display name. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string;
  readonly fate: "delivered" | "bounced" | "complained" | "suppressed";
}

/** A domain that is verified, and an account out of SES's sandbox. */
export const initialSesState = (): SesState => ({
  identities: ["example.com"],
  configurationSets: {
    timelatch: { sendingEnabled: true, eventTypes: ["BOUNCE", "COMPLAINT", "REJECT"] },
  },
  account: {
    productionAccess: true,
    sendingEnabled: true,
    enforcement: "HEALTHY",
    maxSendRate: 14,
    max24HourSend: 50_000,
  },
  suppressed: {},
  messages: [],
});
