/** Keeps the frame where a view fails: an answer of another release may lack what the view reads. */
import Alert from "@cloudscape-design/components/alert";
import { Component, type ReactNode } from "react";

interface BoundaryProps {
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly failed: boolean;
}

export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failed: false };

  static getDerivedStateFromError(): BoundaryState {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Alert type="error" header="This view cannot be shown">
        The API answered something that this release of the console does not understand. The command
        timelatch may show it; else tell whoever runs Timelatch.
      </Alert>
    );
  }
}
