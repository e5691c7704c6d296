/** A run's events as they go through the door: steps in bundles, so that a fast training does not flood its owner. */
import type { StepLine, ValidationLine } from '../../training/metrics/lines';
import type { OnRunEvent, RunEvent } from '../../training/trainingRun';
import type { StepPoint, TrainingEvent, ValidationPoint } from '../protocol';
import { without } from './without';

/** Least time between two bundles of steps. */
const bundleEveryMs = 250;

/** Bundles steps until it is time to send them, or something else happens, which must not come before them. */
export class EventSender {
  private points: StepPoint[] = [];
  private sentAt = -Infinity;

  constructor(private readonly report: (event: TrainingEvent) => void) {}

  readonly onEvent: OnRunEvent = (event) => {
    if (event.kind === 'step') {
      this.points.push(stepPoint(event.metrics));
      if (performance.now() - this.sentAt >= bundleEveryMs) this.flush();
      return;
    }
    this.flush();
    this.report(eventOf(event));
  };

  /** Sends what waits. */
  flush(): void {
    const { points } = this;
    if (points.length === 0) return;
    this.points = [];
    this.sentAt = performance.now();
    this.report({ kind: 'steps', points });
  }
}

function eventOf(event: Exclude<RunEvent, { kind: 'step' }>): TrainingEvent {
  switch (event.kind) {
    case 'preparing': {
      const { stage, done, of } = event;
      return { kind: 'preparing', stage, done, ...(of !== undefined && { of }) };
    }
    case 'corpus':
      return { kind: 'corpus', counts: event.report };
    case 'validation':
      return { kind: 'validation', point: validationPoint(event) };
    case 'prepared':
    case 'resumed':
    case 'warning':
    case 'checkpoint':
    case 'stopped':
      return event;
  }
}

export function stepPoint(line: StepLine): StepPoint {
  return without(line, 'kind');
}

export function validationPoint(line: ValidationLine): ValidationPoint {
  return { ...without(line, 'kind'), samples: [...line.samples] };
}
