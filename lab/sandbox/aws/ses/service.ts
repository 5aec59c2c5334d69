import { AwsError, type Call, type Operation, type RestRoute, type Service } from "../service.ts";
import { identityOf, type SesContext, sendEmail, sendPermissions } from "./send-email.ts";

const SES_ROUTES: readonly RestRoute[] = [
  { method: "POST", path: "/v2/email/outbound-emails", operation: "SendEmail" },
  { method: "GET", path: "/v2/email/account", operation: "GetAccount" },
  {
    method: "GET",
    path: "/v2/email/identities/{EmailIdentity}",
    operation: "GetEmailIdentity",
  },
  {
    method: "GET",
    path: "/v2/email/configuration-sets/{ConfigurationSetName}/event-destinations",
    operation: "GetConfigurationSetEventDestinations",
  },
  {
    method: "GET",
    path: "/v2/email/suppression/addresses",
    operation: "ListSuppressedDestinations",
  },
];

/**
 * Amazon SES, API v2: a message of plain text and HTML is sent, and what decides about it is read. Nothing
 * makes an identity or a set over the port; `/_sandbox/ses` does.
 */
export function sesService(context: SesContext): Service {
  const { ses, account, region } = context;
  const arn = (kind: string, name: unknown) =>
    `arn:aws:ses:${region}:${account}:${kind}/${String(name)}`;
  const reads = (action: string, resource: string, run: Operation["run"]): Operation => ({
    permissions: () => [{ action: `ses:${action}`, resource }],
    run,
  });
  return {
    name: "ses",
    protocol: { kind: "rest-json", routes: SES_ROUTES, errorMember: "message" },
    throttled: ["TooManyRequestsException", 429, "Maximum sending rate exceeded."],
    operations: {
      SendEmail: {
        permissions: (input) => sendPermissions(context, input),
        run: (call) => sendEmail(context, call),
      },
      GetAccount: reads("GetAccount", "*", (call) => accountOf(context, call)),
      GetEmailIdentity: {
        permissions: ({ EmailIdentity: name }) => [
          { action: "ses:GetEmailIdentity", resource: arn("identity", name) },
        ],
        run: ({ input }) => identityNamed(context, String(input["EmailIdentity"])),
      },
      GetConfigurationSetEventDestinations: {
        permissions: ({ ConfigurationSetName: name }) => [
          {
            action: "ses:GetConfigurationSetEventDestinations",
            resource: arn("configuration-set", name),
          },
        ],
        run: ({ input }) => destinationsOf(context, String(input["ConfigurationSetName"])),
      },
      ListSuppressedDestinations: reads("ListSuppressedDestinations", "*", () => ({
        SuppressedDestinationSummaries: Object.entries(ses.state.suppressed).map(
          ([EmailAddress, Reason]) => ({ EmailAddress, Reason, LastUpdateTime: 0 }),
        ),
      })),
    },
  };
}

const notFound = (what: string) =>
  new AwsError("NotFoundException", 404, `${what} does not exist.`);

function accountOf({ ses: { state } }: SesContext, { now }: Call) {
  const { account, messages } = state;
  const sent = messages.filter(({ at }) => at > now.getTime() - 86_400_000);
  return {
    ProductionAccessEnabled: account.productionAccess,
    SendingEnabled: account.sendingEnabled && account.enforcement !== "SHUTDOWN",
    EnforcementStatus: account.enforcement,
    SendQuota: {
      Max24HourSend: account.max24HourSend,
      MaxSendRate: account.maxSendRate,
      SentLast24Hours: sent.reduce((sum, { to }) => sum + to.length, 0),
    },
    SuppressionAttributes: { SuppressedReasons: ["BOUNCE", "COMPLAINT"] },
  };
}

function identityNamed({ ses }: SesContext, name: string) {
  if (!ses.state.identities.includes(name)) throw notFound(`Email identity ${name}`);
  return {
    IdentityType: name.includes("@") ? "EMAIL_ADDRESS" : "DOMAIN",
    VerifiedForSendingStatus: identityOf(ses.state, name) !== undefined,
    VerificationStatus: "SUCCESS",
  };
}

/** One destination: the account's default bus. */
function destinationsOf({ ses, account, region }: SesContext, name: string) {
  const set = ses.state.configurationSets[name];
  if (!set) throw notFound(`Configuration set <${name}>`);
  const EventBusArn = `arn:aws:events:${region}:${account}:event-bus/default`;
  return {
    EventDestinations:
      set.eventTypes.length === 0
        ? []
        : [
            {
              Name: "bus",
              Enabled: true,
              MatchingEventTypes: set.eventTypes,
              EventBridgeDestination: { EventBusArn },
            },
          ],
  };
}
