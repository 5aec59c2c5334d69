/** Values that the broker's template gives its functions. Pure. */
import type { Settings } from "../../../shared/domain/settings.ts";
import { partitionOf } from "../../../shared/domain/values/arn.ts";
import { type StackContents, stackValues } from "../iam/stack-values.ts";
import { deployedTables } from "../tables/deployed-tables.ts";
import type { Deployed } from "./stage.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

type Variables = Readonly<Record<string, unknown>>;

/** By the variable that only converge has. Undefined where no function of the stack has it. */
export function deployedFacts(
  contents: StackContents,
  place: Place,
  name: string,
): Deployed | undefined {
  const found = variablesOf(contents).find((each) => "SCHEDULE_ROLE_ARN" in each);
  if (!found) return undefined;
  const value = stackValues(contents, place);
  const text = (variable: string) => String(value(found[variable]));
  const { account, region } = place;
  return {
    name,
    account,
    region,
    partition: partitionOf(region),
    ledgerTable:
      deployedTables(contents, place).find(({ holds }) => holds === "ledger")?.name ?? "",
    logGroups: Object.entries(contents.template.Resources ?? {}).flatMap(([id, { Type }]) =>
      Type === "AWS::Logs::LogGroup" ? (contents.resources.get(id) ?? []) : [],
    ),
    settings: JSON.parse(text("SETTINGS")) as Settings,
    group: text("SCHEDULE_GROUP"),
    fuses: { deployment: name, brokerAccount: account, brokerRegion: region },
  };
}

const variablesOf = ({ template }: StackContents): readonly Variables[] =>
  Object.values(template.Resources ?? {})
    .filter(({ Type }) => Type === "AWS::Lambda::Function")
    .map(({ Properties = {} }) => {
      const { Variables = {} } = (Properties["Environment"] ?? {}) as { Variables?: Variables };
      return Variables;
    });
