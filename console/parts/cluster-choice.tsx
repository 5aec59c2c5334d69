/** The cluster that a view is about: the one of its address, else the one that was looked at last. */
import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect } from "react";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ClusterAnswer, ClusterList } from "../../shared/http/contract/cluster-answer.ts";
import { type Reading, useRead } from "../api/use-read.ts";
import { goTo } from "../frame/use-route.ts";
import { ReadProblem } from "./problem-alert.tsx";

/** Views share it, so that nobody chooses the same cluster again on the next one. */
let last: string | undefined;

interface Choice {
  readonly reading: Reading<ClusterList>;
  /** Undefined until they are read, and where `access.yaml` names no such cluster. */
  readonly cluster: ClusterAnswer | undefined;
}

/** @param name the cluster's in `access.yaml`; without one, the last one that was chosen, or the first */
export function useChosenCluster(name: string | undefined): Choice {
  const reading = useRead<ClusterList>("/v1/clusters");
  const clusters = reading.answer?.clusters ?? [];
  const called = (wanted: string | undefined) => clusters.find((each) => each.name === wanted);
  const cluster =
    name === undefined ? (called(last) ?? clusters.find(({ retired }) => !retired)) : called(name);
  const chosen = name === undefined ? undefined : cluster?.name;
  useEffect(() => {
    if (chosen !== undefined) last = chosen;
  }, [chosen]);
  return { reading, cluster };
}

interface ClusterChoiceProps extends Choice {
  /** The view's address for a cluster. */
  readonly hrefOf: (name: string) => string;
}

export function ClusterChoice({ reading, cluster, hrefOf }: ClusterChoiceProps) {
  const clusters = reading.answer?.clusters;
  const options = clusters?.map(({ name }) => ({ value: name, label: visible(name) })) ?? [];
  return (
    <SpaceBetween size="l">
      <ReadProblem reading={reading} />
      {clusters && (
        <FormField label="Cluster">
          <Select
            options={options}
            selectedOption={options.find(({ value }) => value === cluster?.name) ?? null}
            onChange={({ detail }) => goTo(hrefOf(detail.selectedOption.value ?? ""))}
          />
        </FormField>
      )}
      {clusters && !cluster && <Alert type="info">access.yaml names no such cluster.</Alert>}
    </SpaceBetween>
  );
}
